-- The failed deliveries of a campaign, which can be sent again, in the order of issue.
-- $1 campaign
select delivery.document_key as key, delivery.channel, delivery.recipients, delivery.state, delivery.attempts,
    delivery.result, delivery.changed_at, document.number, document.kind, document.city, document.subject,
    document.issued_at
from delivery join document on document.key = delivery.document_key
where document.campaign_id = $1 and delivery.state = 'failed'
order by document.issued_at, delivery.document_key, delivery.channel
