-- Writes a survey. Returns its id; no row if it is taken.
-- $1 campaign, $2 survey, $3 digest, $4 at, $5 actor, $6 counts by city
insert into survey (campaign_id, id, digest, at, actor, cities)
values ($1, $2, $3, $4, $5, $6)
on conflict (campaign_id, id) do nothing
returning id
