-- The digest over the heads of all streams of a campaign, and the snapshot that saw exactly these. One statement is one
-- snapshot: what commits meanwhile is neither in the digest nor visible in `snapshot`.
-- $1 campaign
with head as (
    select stream, max(seq) as seq, count(*) as entries from ledger where campaign_id = $1 group by stream
)
select
    encode(sha256(convert_to(
        coalesce(string_agg(stream || ' ' || seq || ' ' || hash || E'\n', '' order by stream), ''), 'UTF8'
    )), 'hex') as digest,
    count(*) as streams,
    coalesce(sum(head.entries), 0)::bigint as entries,
    pg_current_snapshot()::text as snapshot
from head join ledger using (stream, seq)
