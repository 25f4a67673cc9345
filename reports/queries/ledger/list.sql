-- Every entry, stream by stream in order.
-- $1 campaign
select stream, seq, kind, at, received_at, actor, data, hash
from ledger
where campaign_id = $1
order by stream, seq
