-- A page of register rows, by site id: sites of a city that were carried over after their opening, and do not know an
-- amendment yet, each with the moment and the reason of its carry-over.
-- $1 campaign, $2 city, $3 the last id of the page before ('' at first), $4 page size, $5 amendment
select s.record, s.county, s.settled_at, e.data::json ->> 'reason' as reason
from site s
join ledger e
    on e.stream = 'site/' || $1 || '/' || s.site_id and e.kind = 'carried_over' and e.at = s.settled_at
where s.campaign_id = $1 and s.city = $2 and s.site_id > $3
    and s.stage = 'carried_over' and s.opened_at is not null
    and not exists (
        select from ledger l
        where l.campaign_id = $1 and l.stream = 'site/' || $1 || '/' || s.site_id and l.kind = 'amended'
            and (l.data::json ->> 'amendment')::integer >= $5
    )
    and not exists (
        select from ledger l
        where l.stream = 'site/' || $1 || '/' || s.site_id and l.seq = 1 and l.kind = 'opened'
            and coalesce((l.data::json ->> 'amendment')::integer, 0) >= $5
    )
order by s.site_id
limit $4
