-- How a campaign left the sites that it took: their number and area by result, county, and whether its surveys found
-- them.
-- $1 programme, $2 campaign
select settled, coalesce(found_in = $2, false) as found, record ->> 'city' as city, record ->> 'county' as county,
    count(*) as sites, coalesce(sum(area_ha), 0) as area_ha
from programme_site
where programme_id = $1 and campaign_id = $2 and settled is not null
group by 1, 2, 3, 4
order by 3, 4
