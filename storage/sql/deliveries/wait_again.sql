-- Makes a failed delivery wait again.
-- $1 document key, $2 channel
update delivery set state = 'waiting' where document_key = $1 and channel = $2 and state = 'failed'
