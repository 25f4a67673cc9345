-- How many sites of the city $2 are not settled.
select count(*) from site
where campaign_id = $1 and city = $2 and stage in ('registered', 'rectifying', 'verifying')
