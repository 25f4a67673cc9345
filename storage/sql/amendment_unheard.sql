-- A page of the open sites of the city $2 that do not know the amendment $5 yet (keyset: $3 is the last id, '' at
-- first). What a site knows stands in its ledger: the amendment under which it opened, or an `amended` entry.
select s.record
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
