-- Makes an issued document failed. Returns its key; no row if it is not in state `issued`.
-- $1 key
update document set state = 'failed' where key = $1 and state = 'issued' returning key
