-- A city's sites: still open, closed, carried over.
select
    count(*) filter (where stage in ('registered', 'rectifying', 'verifying')) as open,
    count(*) filter (where stage = 'closed') as closed,
    count(*) filter (where stage = 'carried_over') as carried_over
from site
where campaign_id = $1 and city = $2
