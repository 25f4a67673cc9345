-- A page of a city's register, by site id (keyset: $3 is the last id of the page before, '' at first).
select record from site
where campaign_id = $1 and city = $2 and site_id > $3
order by site_id
limit $4
