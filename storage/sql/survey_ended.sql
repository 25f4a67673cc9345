-- Which of the cities ($2 codes) of a campaign are over for their sites, and why: `ended` or `stopped`.
select split_part(stream, '/', 3) as code, min(kind) as kind
from ledger
where campaign_id = $1 and kind in ('ended', 'stopped')
    and stream in (select 'city/' || $1 || '/' || code from unnest($2::text[]) as asked (code))
group by stream
order by code
