-- What happened to the implementation opinions of a campaign's cities ($2: of one), city by city, in order; $3 kinds.
-- The range of streams is that of `city/<campaign>/...`: "0" is the character after "/".
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash
from ledger
where stream >= 'city/' || $1 || '/' || coalesce($2::text, '')
    and stream < 'city/' || $1 || coalesce('/' || $2::text || chr(1), '0')
    and campaign_id = $1 and kind = any ($3::text[])
order by stream, seq
