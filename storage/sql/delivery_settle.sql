-- Sent, or given up; what was sent stays sent.
update delivery set state = $3, said = $4, changed_at = $5, attempts = attempts + $6
where document_key = $1 and channel = $2 and state <> 'sent'
returning channel
