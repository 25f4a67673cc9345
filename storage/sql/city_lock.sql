-- Lets one dispatch of a city work at a time.
select from city where campaign_id = $1 and code = $2 for update
