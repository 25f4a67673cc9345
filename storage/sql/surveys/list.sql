-- The surveys of a campaign, oldest first.
-- $1 campaign, $2 survey (null: all), $3 a city where it found something (null: all)
select id, digest, at, actor, cities
from survey
where campaign_id = $1 and ($2::text is null or id = $2) and ($3::text is null or cities -> $3 is not null)
order by at, id
