-- Records a failed attempt; the delivery waits for the next one.
-- $1 document key, $2 channel, $3 result, $4 campaign time
update delivery set attempts = attempts + 1, result = $3, changed_at = $4
where document_key = $1 and channel = $2 and state <> 'sent'
