-- One delivery.
-- $1 document key, $2 channel
select document_key as key, channel, recipients, state, attempts, result, changed_at
from delivery
where document_key = $1 and channel = $2
