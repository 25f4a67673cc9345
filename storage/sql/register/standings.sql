-- The current state of sites, by site id.
-- $1 campaign, $2 site ids
select site_id, stage, rung, suspended, due_at, coalesce((facts ->> 'exhausted')::boolean, false) as exhausted
from site
where campaign_id = $1 and site_id = any ($2::text[])
order by site_id
