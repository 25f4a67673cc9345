-- Counts the sites of a city: open, closed, carried over.
-- $1 campaign, $2 city
select
    count(*) filter (where stage in ('registered', 'rectifying', 'verifying')) as open,
    count(*) filter (where stage = 'closed') as closed,
    count(*) filter (where stage = 'carried_over') as carried_over
from site
where campaign_id = $1 and city = $2
