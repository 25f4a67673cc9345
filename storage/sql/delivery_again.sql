-- A dead letter that is sent again waits again.
update delivery set state = 'waiting' where document_key = $1 and channel = $2 and state = 'failed'
