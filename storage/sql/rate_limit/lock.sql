-- Locks a channel's row until the transaction ends, and creates it if it is missing. Returns its usage.
-- $1 channel, $2 turn at, $3 asked until: the usage of a channel that was never used
insert into rate_limit (channel, turn_at, asked_until) values ($1, $2, $3)
on conflict (channel) do update set channel = excluded.channel
returning turn_at, asked_until
