-- Every entry of a campaign, stream by stream in order; `txid` tells which snapshots see an entry.
-- $1 campaign
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash, txid::text as txid
from ledger
where campaign_id = $1
order by stream, seq
