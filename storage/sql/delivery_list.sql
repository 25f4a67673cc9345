-- All ways of one document in the order in which they are planned (rules/documents/delivery.py): the outbox ($2), the mail ($3),
-- the others by name.
select document_key as key, channel, recipients, state, attempts, said, changed_at
from delivery
where document_key = $1
order by channel <> $2, channel <> $3, channel
