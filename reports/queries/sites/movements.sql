-- Every entry that moves the burndown of a site, whole sites together.
-- $1 campaign, $2 kinds, $3 as of
select
    stream,
    kind,
    at,
    (data::json ->> 'due')::timestamptz as due,
    (data::json ->> 'level_due')::timestamptz as level_due
from ledger
where campaign_id = $1 and kind = any ($2::text[]) and at <= $3
order by stream, seq
