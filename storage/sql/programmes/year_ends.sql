-- How a campaign left the sites that it took: their number and area by result, and by whether its surveys found them.
-- $1 programme, $2 campaign
select settled, found_in = $2 as found, count(*) as sites, coalesce(sum(area_ha), 0) as area_ha
from programme_site
where programme_id = $1 and campaign_id = $2 and settled is not null
group by 1, 2
