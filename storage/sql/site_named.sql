-- The register rows of these sites ($2) of a campaign.
select record from site
where campaign_id = $1 and site_id = any ($2::text[])
order by site_id
