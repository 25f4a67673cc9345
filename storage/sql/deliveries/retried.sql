-- The waiting deliveries of a campaign with a failed attempt, most attempts first.
-- $1 campaign, $2 at most so many
select delivery.document_key as key, delivery.channel, delivery.recipients, delivery.state, delivery.attempts,
    delivery.result, delivery.changed_at, document.number, document.kind, document.city, document.subject,
    document.issued_at
from delivery join document on document.key = delivery.document_key
where document.campaign_id = $1 and delivery.state = 'waiting' and delivery.result is not null
order by delivery.attempts desc, document.issued_at, delivery.document_key, delivery.channel
limit $2
