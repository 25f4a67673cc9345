-- A page of register rows of a city, by site id: of one survey, or of the first register, without the counties left
-- out. For one county also its sites of some surveys.
-- $1 campaign, $2 city, $3 the last id of the page before ('' at first), $4 page size, $5 survey (null: the first
-- register), $6 spellings of the one county (empty: all), $7 of those left out, $8 surveys that open with the county
select record, county from site
where campaign_id = $1 and city = $2 and site_id > $3
    and (survey is not distinct from $5 or survey = any ($8::text[]))
    and (cardinality($6::text[]) = 0 or county = any ($6::text[])) and not county = any ($7::text[])
order by site_id
limit $4
