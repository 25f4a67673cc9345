-- The ids that the first register or another survey has already.
-- $1 campaign, $2 site ids (null: all), $3 the survey that does not count
select site_id, survey from site
where campaign_id = $1 and ($2::text[] is null or site_id = any ($2::text[])) and survey is distinct from $3
order by site_id
