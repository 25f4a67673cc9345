-- The spot checks of a campaign ($2: one of them), in the order in which they were drawn.
select check_id as check, city, seed, taken_at, frame_hash, frame_size, counties
from spot_check
where campaign_id = $1 and ($2::text is null or check_id = $2)
order by taken_at, check_id
