-- Locks the cities of a survey, so that none of them settles meanwhile.
-- $1 campaign, $2 city codes
select code from city
where campaign_id = $1 and code = any ($2::text[])
order by code
for update
