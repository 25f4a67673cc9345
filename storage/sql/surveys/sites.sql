-- The register rows of a survey, by site id.
-- $1 campaign, $2 survey
select record from site
where campaign_id = $1 and survey = $2
order by site_id
