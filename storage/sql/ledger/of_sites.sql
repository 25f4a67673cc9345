-- The entries of a campaign's sites, stream by stream in order.
-- $1 campaign, $2 the prefix of their streams
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash
from ledger
where campaign_id = $1 and starts_with(stream, $2)
order by stream, seq
