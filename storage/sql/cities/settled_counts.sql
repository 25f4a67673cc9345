-- Counts the closed and the carried-over sites of a campaign, for its closing report.
-- $1 campaign
select
    count(*) filter (where stage = 'closed') as closed,
    count(*) filter (where stage = 'carried_over') as carried_over
from site
where campaign_id = $1
