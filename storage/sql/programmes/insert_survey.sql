-- Writes what a city hands in as its survey of a year; the same again changes nothing.
-- $1 programme, $2 campaign of the year, $3 city, $4 digest, $5 sites, $6 at, $7 actor
insert into programme_survey (programme_id, campaign_id, city, digest, sites, at, actor)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing
