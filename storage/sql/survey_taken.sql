-- Which of these ids ($2; null: all there are) are sites of the campaign already, by the first register or by another
-- survey than $3.
select site_id, survey from site
where campaign_id = $1 and ($2::text[] is null or site_id = any ($2::text[])) and survey is distinct from $3
order by site_id
