-- A page of open sites of a city that are not suspended and do not know an order, by site id.
-- $1 campaign, $2 city, $3 the last id of the page before ('' at first), $4 page size, $5 number of the order
select record, county, opened_at
from site
where campaign_id = $1 and city = $2 and site_id > $3 and stage in ('rectifying', 'verifying') and not suspended
    and not coalesce((facts #> '{deferrals,orders}')::jsonb @> to_jsonb($5::integer), false)
order by site_id
limit $4
