-- Sites by city in the order of the plan, first those of the baseline, then those newly found: how many, closed,
-- overdue, their requirements, and the deferrals of those that have any. A city without sites has one row of nulls.
-- Overdue as in `storage.status.is_overdue`.
-- $1 campaign, $2 the instant of the count
with counted as (
    select city, coalesce(record ->> 'newly_found' = 'true', false) as newly_found,
        count(*) as sites,
        count(*) filter (where stage = 'closed') as closed,
        count(*) filter (
            where stage in ('registered', 'rectifying', 'verifying') and not suspended and due_at < $2::timestamptz
        ) as overdue,
        sum(requirements) as requirements,
        sum(requirements_done) as requirements_done,
        (json_agg(facts -> 'deferrals') filter (where facts -> 'deferrals' is not null))::text as deferrals
    from site
    where campaign_id = $1
    group by city, newly_found
)
select city.code, city.name, newly_found, sites, closed, overdue, requirements, requirements_done, deferrals
from city left join counted on counted.city = city.code
where city.campaign_id = $1
order by city.position, newly_found
