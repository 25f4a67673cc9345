-- Notes a delivery; the first note stands.
update document set state = 'sent', sent_at = $2 where key = $1 and state = 'issued' returning key
