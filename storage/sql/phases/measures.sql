-- The measures of a phase by city, in the order of the plan: whether its deployment is approved, its sites, those of
-- surveys that were not opened yet, those in work (work was reported, or the verification requested), those that are
-- struck off, and the hectares of all and of these. A city without sites has zeros.
-- $1 campaign
with site_of_city as (
    select city, stage, area_ha, survey is not null and opened_at is null as unopened,
        exists (
            select from ledger
            where stream = 'site/' || $1 || '/' || site_id and kind in ('task_reported', 'verification_requested')
        ) as in_work
    from site
    where campaign_id = $1
)
select city.code, city.name, city.deployment = 'approved' as deployed,
    count(site_of_city.city) as sites,
    count(*) filter (where unopened) as unopened,
    count(*) filter (where in_work) as in_work,
    count(*) filter (where stage = 'closed') as closed,
    coalesce(sum(area_ha), 0) as hectares,
    coalesce(sum(area_ha) filter (where stage = 'closed'), 0) as hectares_closed
from city left join site_of_city on site_of_city.city = city.code
where city.campaign_id = $1
group by city.code, city.name, city.deployment, city.position
order by city.position
