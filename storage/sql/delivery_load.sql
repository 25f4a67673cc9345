-- One document's way through one channel.
select document_key as key, channel, recipients, state, attempts, said, changed_at
from delivery
where document_key = $1 and channel = $2
