-- Counts sites and sums hectares by city, county and township (null: the register names none).
-- $1 campaign, $2 city (null: all)
select city, county, record ->> 'township' as township,
    count(*) as sites,
    count(*) filter (where stage = 'closed') as closed,
    coalesce(sum(area_ha), 0) as registered_ha,
    coalesce(sum(area_ha) filter (where stage = 'closed'), 0) as closed_ha,
    count(*) filter (where record ->> 'newly_found' = 'true') as newly_found,
    count(*) filter (where record ->> 'missed' = 'true') as missed
from site
where campaign_id = $1 and ($2::text is null or city = $2)
group by city, county, township
order by city, county, township
