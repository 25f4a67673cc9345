-- The frame of a check, by site id.
-- $1 campaign, $2 check
select site_id as id, city, county, hazard, round, level, at, participants, workers
from spot_check_frame
where campaign_id = $1 and check_id = $2
order by site_id
