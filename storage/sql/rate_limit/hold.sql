-- Blocks a channel until an instant.
-- $1 channel, $2 real time
insert into rate_limit (channel, turn_at, asked_until) values ($1, $2, $2)
on conflict (channel) do update set turn_at = greatest(rate_limit.turn_at, excluded.turn_at)
