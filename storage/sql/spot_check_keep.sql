-- Keeps what a check was drawn from; nothing if it is kept already.
insert into spot_check (campaign_id, check_id, city, seed, taken_at, frame_hash, frame_size, counties)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (campaign_id, check_id) do nothing
returning check_id
