-- What the one who holds the row's lock decided.
update pacing set turn_at = $2, asked_until = $3 where channel = $1
