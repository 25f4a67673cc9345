-- All deliveries of a document in the order in which they are planned (rules/documents/delivery.py): the outbox, the
-- mail, the others by name.
-- $1 document key, $2 the outbox' channel, $3 the mail's channel
select document_key as key, channel, recipients, state, attempts, result, changed_at
from delivery
where document_key = $1
order by channel <> $2, channel <> $3, channel
