-- How long the ledger is, and its last anchor (nulls if there is none yet).
-- $1 campaign
select
    total.entries,
    total.streams,
    total.last_at,
    anchor.at as anchored_at,
    anchor.data::json ->> 'digest' as anchor_digest,
    (anchor.data::json ->> 'entries')::bigint as anchor_entries
from (
    select count(*) as entries, count(distinct stream) as streams, max(at) as last_at
    from ledger
    where campaign_id = $1
) as total
left join lateral (
    select at, data
    from ledger
    where campaign_id = $1 and kind = 'anchored'
    order by seq desc
    limit 1
) as anchor on true
