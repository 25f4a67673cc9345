-- Makes a delivery sent or failed. Returns its channel; no row if it was sent before.
-- $1 document key, $2 channel, $3 state, $4 result, $5 campaign time, $6 attempts to add
update delivery set state = $3, result = $4, changed_at = $5, attempts = attempts + $6
where document_key = $1 and channel = $2 and state <> 'sent'
returning channel
