-- Counts the issued documents by kind, rung and day.
-- $1 campaign, $2 the campaign's time zone
select kind, rung, (issued_at at time zone $2)::date as day, count(*) as documents
from document
where campaign_id = $1 and state not in ('drafted', 'rejected', 'withdrawn')
group by kind, rung, day
