-- The kinds, rungs and lead counties of a city's notices, waiting or gathered.
-- $1 campaign, $2 city
select distinct kind, rung, data ->> 'lead_county' as county
from notice where campaign_id = $1 and city = $2 order by kind, rung, county
