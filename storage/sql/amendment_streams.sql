-- The entries of the streams $1, in order, without the refusals: nothing follows from those.
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash
from ledger
where stream = any ($1::text[]) and kind <> 'refused'
order by stream, seq
