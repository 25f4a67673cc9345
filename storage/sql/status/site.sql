-- One site: its register row and its current state.
-- $1 campaign, $2 site id
select record as site, county, stage, round, level, rung, suspended, due_at, opened_at, settled_at, requirements,
    requirements_done, extensions, suspensions, facts
from site
where campaign_id = $1 and site_id = $2
