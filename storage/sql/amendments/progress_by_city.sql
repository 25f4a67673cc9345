-- By city in the order of the plan: its open sites, how many of them know an amendment, and whether the city knows it.
-- A site that is not opened yet opens under the amended plan and is not counted.
-- $1 campaign, $2 amendment
select c.code, c.name, count(s.site_id) as open,
    count(s.site_id) filter (
        where exists (
            select from ledger l
            where l.campaign_id = $1 and l.stream = 'site/' || $1 || '/' || s.site_id and l.kind = 'amended'
                and (l.data::json ->> 'amendment')::integer >= $2
        ) or exists (
            select from ledger l
            where l.stream = 'site/' || $1 || '/' || s.site_id and l.seq = 1 and l.kind = 'opened'
                and coalesce((l.data::json ->> 'amendment')::integer, 0) >= $2
        )
    ) as told,
    exists (
        select from ledger l
        where l.campaign_id = $1 and l.stream = 'city/' || $1 || '/' || c.code and l.kind = 'amended'
            and (l.data::json ->> 'amendment')::integer >= $2
    ) as heard
from city c
left join site s
    on s.campaign_id = c.campaign_id and s.city = c.code and s.stage in ('rectifying', 'verifying')
where c.campaign_id = $1
group by c.code, c.name, c.position
order by c.position
