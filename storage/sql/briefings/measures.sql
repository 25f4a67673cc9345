-- Sites by city, in the order of the plan, county and township, those of the baseline apart from those newly found: how
-- many, closed, overdue, their requirements and problems, strike-offs, relapses and returns, those
-- that wait for an overdue deployment, and the deferrals of those
-- that have any. A city without sites has one row of nulls. Overdue as in `storage.status.is_overdue`.
-- A round begins with a returned verdict or a reopening; a reopening with the unit's batch is no relapse of the site.
-- $1 campaign, $2 the instant of the count
with one as (
    select site.*, o.times, o.batches,
        (
            site.opened_at is null and site.stage = 'registered' and c.deployment in ('awaited', 'returned')
            and c.deployment_due < $2::timestamptz
        )::integer as undeployed
    from site
    join city c on c.campaign_id = site.campaign_id and c.code = site.city
    cross join lateral (
        select coalesce(sum(times::integer), 0)::integer as times,
            coalesce(sum(times::integer) filter (where cause = 'returned_batch'), 0)::integer as batches
        from json_each_text(site.facts -> 'reopened') as opened (cause, times)
    ) o
    where site.campaign_id = $1
), counted as (
    select city, county, record ->> 'township' as township,
        coalesce(record ->> 'newly_found' = 'true', false) as newly_found,
        count(*) as sites,
        count(*) filter (where stage = 'closed') as closed,
        count(*) filter (
            where stage in ('registered', 'rectifying', 'verifying') and not suspended and due_at < $2::timestamptz
        ) as overdue,
        sum(requirements) as requirements,
        sum(requirements_done) as requirements_done,
        sum(coalesce((facts ->> 'problems')::integer, 0)) as problems,
        sum(coalesce((facts ->> 'problems_closed')::integer, 0)) as problems_closed,
        sum((stage = 'closed')::integer + times) as struck_off,
        sum(times - batches) as relapsed,
        sum(greatest(round - 1 - times, 0) + batches) as returned,
        sum(undeployed) as undeployed,
        (json_agg(facts -> 'deferrals') filter (where facts -> 'deferrals' is not null))::text as deferrals
    from one
    group by city, county, township, newly_found
)
select city.code, city.name, county, township, newly_found, sites, closed, overdue, requirements, requirements_done,
    problems, problems_closed, struck_off, relapsed, returned, undeployed, deferrals
from city left join counted on counted.city = city.code
where city.campaign_id = $1
order by city.position, county, township, newly_found
