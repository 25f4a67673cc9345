-- A page of register rows, by site id: open sites of a city that do not know an amendment yet. What a site knows is in
-- its ledger: the amendment under which it opened, or an entry `amended`.
-- $1 campaign, $2 city, $3 the last id of the page before ('' at first), $4 page size, $5 amendment
select s.record, s.county
from site s
where s.campaign_id = $1 and s.city = $2 and s.site_id > $3
    and s.stage in ('registered', 'rectifying', 'verifying')
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
