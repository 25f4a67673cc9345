update pacing set turn_at = $2, asked_until = $3 where channel = $1
