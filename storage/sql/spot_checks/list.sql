-- The drawn checks of a campaign, in the order in which they were drawn.
-- $1 campaign, $2 check (null: all)
select check_id as check, city, seed, taken_at, frame_hash, frame_size, counties
from spot_check
where campaign_id = $1 and ($2::text is null or check_id = $2)
order by taken_at, check_id
