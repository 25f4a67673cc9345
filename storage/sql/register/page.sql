-- A page of register rows of a city, by site id: of one survey, or of the first register.
-- $1 campaign, $2 city, $3 the last id of the page before ('' at first), $4 page size, $5 survey (null: first register)
select record, county from site
where campaign_id = $1 and city = $2 and site_id > $3 and survey is not distinct from $5
order by site_id
limit $4
