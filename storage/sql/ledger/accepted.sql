-- The entries of several streams in order, without refusals: no state follows from those.
-- $1 streams
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash
from ledger
where stream = any ($1::text[]) and kind <> 'refused'
order by stream, seq
