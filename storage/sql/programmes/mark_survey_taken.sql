-- Notes what a survey changed in the stock; no row if it was taken before.
-- $1 programme, $2 campaign of the year, $3 city, $4 digest, $5 amounts
update programme_survey set taken = $5
where programme_id = $1 and campaign_id = $2 and city = $3 and digest = $4 and taken is null
returning digest
