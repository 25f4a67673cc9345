-- The entries of a campaign's refused commands, newest first.
-- $1 campaign, $2 at most so many
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash
from ledger
where campaign_id = $1 and kind = 'refused'
order by received_at desc, stream, seq desc
limit $2
