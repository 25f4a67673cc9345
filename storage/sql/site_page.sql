-- A page of a city's register, by site id (keyset: $3 is the last id of the page before, '' at first): the sites of
-- one survey ($5), or those of the first register (null).
select record from site
where campaign_id = $1 and city = $2 and site_id > $3 and survey is not distinct from $5
order by site_id
limit $4
