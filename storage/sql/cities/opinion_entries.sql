-- The entries about implementation opinions, city by city in order. The range of streams is that of
-- `city/<campaign>/...`: "0" is the character after "/".
-- $1 campaign, $2 city (null: all), $3 kinds
select stream, seq, kind, at, received_at, actor, data, prev_hash, hash
from ledger
where stream >= 'city/' || $1 || '/' || coalesce($2::text, '')
    and stream < 'city/' || $1 || coalesce('/' || $2::text || chr(1), '0')
    and campaign_id = $1 and kind = any ($3::text[])
order by stream, seq
