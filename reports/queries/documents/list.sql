-- The documents without their texts, in the order of issue.
-- $1 campaign
select key, city, kind, rung, number, issued_at, sent_at, state, subject, addressee, sites, progress,
    data ->> 'instrument' as instrument
from document
where campaign_id = $1
order by issued_at, key
