-- What waits in a campaign and was tried already, the most tries first: why it is still on its way.
select delivery.document_key as key, delivery.channel, delivery.recipients, delivery.state, delivery.attempts,
    delivery.said, delivery.changed_at, document.number, document.kind, document.city, document.subject,
    document.issued_at
from delivery join document on document.key = delivery.document_key
where document.campaign_id = $1 and delivery.state = 'waiting' and delivery.said is not null
order by delivery.attempts desc, document.issued_at, delivery.document_key, delivery.channel
limit $2
