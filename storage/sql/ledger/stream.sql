-- The entries of a stream from a sequence number on, in order.
-- $1 stream, $2 first seq
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash
from ledger
where stream = $1 and seq >= $2
order by seq
