-- The register with the instant at which each site opened, city by city in the order of the plan.
-- $1 campaign, $2 city (null: all)
select site.record, site.county, site.opened_at
from site join city on city.campaign_id = site.campaign_id and city.code = site.city
where site.campaign_id = $1 and ($2::text is null or site.city = $2)
order by city.position, site.site_id
