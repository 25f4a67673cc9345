-- Locks a city's row, so that one dispatch of it runs at a time.
-- $1 campaign, $2 city
select from city where campaign_id = $1 and code = $2 for update
