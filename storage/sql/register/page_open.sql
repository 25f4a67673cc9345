-- A page of register rows and stages of a city's open sites, by site id.
-- $1 campaign, $2 city, $3 the last id of the page before ('' at first), $4 page size
select record, county, stage from site
where campaign_id = $1 and city = $2 and site_id > $3 and stage in ('registered', 'rectifying', 'verifying')
order by site_id
limit $4
