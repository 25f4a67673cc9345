-- The register of a campaign ($2: of one city) with the moment each site opened, city by city in the order of the plan.
select site.record, site.opened_at
from site join city on city.campaign_id = site.campaign_id and city.code = site.city
where site.campaign_id = $1 and ($2::text is null or site.city = $2)
order by city.position, site.site_id
