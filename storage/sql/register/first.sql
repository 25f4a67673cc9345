-- The rows of the first register, as they were started, by site id.
-- $1 campaign, $2 the cities of the plan of the start
select record from site
where campaign_id = $1 and survey is null and city = any ($2::text[])
order by site_id
