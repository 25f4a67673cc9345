-- Nobody uses the channel before that moment.
insert into pacing (channel, turn_at, asked_until) values ($1, $2, $2)
on conflict (channel) do update set turn_at = greatest(pacing.turn_at, excluded.turn_at)
