-- Those of these cities that accept no more sites, and the reason: `ended` or `stopped`.
-- $1 campaign, $2 city codes
select split_part(stream, '/', 3) as code, min(kind) as kind
from ledger
where campaign_id = $1 and kind in ('ended', 'stopped')
    and stream in (select 'city/' || $1 || '/' || code from unnest($2::text[]) as asked (code))
group by stream
order by code
