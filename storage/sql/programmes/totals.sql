-- Number and area of the whole stock, and of what is treated.
-- $1 programme
select
    count(*) as sites,
    coalesce(sum(area_ha), 0) as area_ha,
    count(*) filter (where settled = 'closed') as treated_sites,
    coalesce(sum(area_ha) filter (where settled = 'closed'), 0) as treated_ha
from programme_site
where programme_id = $1
