-- The rows of a survey, and what it changed where it was taken into the stock.
-- $1 programme, $2 campaign of the year, $3 city, $4 digest
select sites, taken from programme_survey
where programme_id = $1 and campaign_id = $2 and city = $3 and digest = $4
