-- The register rows of these sites, by id.
-- $1 campaign, $2 site ids
select record, county from site
where campaign_id = $1 and site_id = any ($2::text[])
order by site_id
