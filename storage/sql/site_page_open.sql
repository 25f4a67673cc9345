-- A page of a city's sites that are not settled, with their stages.
select record, stage from site
where campaign_id = $1 and city = $2 and site_id > $3 and stage in ('registered', 'rectifying', 'verifying')
order by site_id
limit $4
