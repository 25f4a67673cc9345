-- The entries of a campaign's sites ($2: the beginning of their streams), stream by stream, each in order.
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash
from ledger
where campaign_id = $1 and starts_with(stream, $2)
order by stream, seq
