-- A try that came to nothing; the delivery goes on waiting.
update delivery set attempts = attempts + 1, said = $3, changed_at = $4
where document_key = $1 and channel = $2 and state <> 'sent'
