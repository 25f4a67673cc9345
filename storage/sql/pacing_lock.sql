-- The channel's row, locked until the transaction ends; the first one to ask makes it.
insert into pacing (channel, turn_at, asked_until) values ($1, $2, $3)
on conflict (channel) do update set channel = excluded.channel
returning turn_at, asked_until
