-- The sites of one survey, by id.
select record from site
where campaign_id = $1 and survey = $2
order by site_id
