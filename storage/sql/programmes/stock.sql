-- The stock of the start, by site id; sites that surveys found joined it later.
-- $1 programme
select record from programme_site
where programme_id = $1 and found_in is null
order by site_id
