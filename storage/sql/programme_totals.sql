-- The whole stock, and what of it is treated.
select
    count(*) as sites,
    coalesce(sum(area_ha), 0) as area_ha,
    count(*) filter (where settled = 'closed') as treated_sites,
    coalesce(sum(area_ha) filter (where settled = 'closed'), 0) as treated_ha
from programme_site
where programme_id = $1
