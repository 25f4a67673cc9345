-- Makes an issued document sent. Returns its key; no row if it is not in state `issued`.
-- $1 key, $2 campaign time
update document set state = 'sent', sent_at = $2 where key = $1 and state = 'issued' returning key
