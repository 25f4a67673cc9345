-- Counts the sites of a city that are not settled.
-- $1 campaign, $2 city
select count(*) from site
where campaign_id = $1 and city = $2 and stage in ('registered', 'rectifying', 'verifying')
