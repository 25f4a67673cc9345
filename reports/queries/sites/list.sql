-- The register with each site's state and, where it was carried over, why, in the order of the plan.
-- $1 campaign
select site.*, city.name as city_name, carried.reason as carry_reason
from site
join city on city.campaign_id = site.campaign_id and city.code = site.city
left join (
    select split_part(stream, '/', 3) as site_id, at, data::json ->> 'reason' as reason
    from ledger
    where campaign_id = $1 and kind = 'carried_over'
) as carried on carried.site_id = site.site_id and site.stage = 'carried_over' and carried.at = site.settled_at
where site.campaign_id = $1
order by city.position, site.site_id
