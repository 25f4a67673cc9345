-- One stream of the ledger, in order.
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash from ledger where stream = $1 order by seq
