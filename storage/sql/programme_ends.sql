-- How a campaign ($2) left the sites of the stock, and which of them its surveys had found.
select settled, found_in = $2 as found, count(*) as sites, coalesce(sum(area_ha), 0) as area_ha
from programme_site
where programme_id = $1 and campaign_id = $2 and settled is not null
group by 1, 2
