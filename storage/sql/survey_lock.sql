-- Locks the cities ($2 codes) that a survey concerns, so that none of them settles meanwhile.
select code from city
where campaign_id = $1 and code = any ($2::text[])
order by code
for update
