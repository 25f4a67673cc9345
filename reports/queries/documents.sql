-- $1 campaign
select key, city, kind, rung, issued_at, sent_at, state, subject, addressee, sites
from document
where campaign_id = $1
order by issued_at, key
