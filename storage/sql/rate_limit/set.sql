-- Writes a channel's usage; the caller holds the lock.
-- $1 channel, $2 turn at, $3 asked until
update rate_limit set turn_at = $2, asked_until = $3 where channel = $1
