-- Writes what a check was drawn from. Returns its id; no row if it is there already.
-- $1 campaign, $2 check, $3 city, $4 seed, $5 taken at, $6 frame hash, $7 frame size, $8 counties
insert into spot_check (campaign_id, check_id, city, seed, taken_at, frame_hash, frame_size, counties)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (campaign_id, check_id) do nothing
returning check_id
