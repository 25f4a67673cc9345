-- The deferrals of the sites that have any, by city.
-- $1 campaign, $2 city (null: all)
select city, json_agg(facts -> 'deferrals')::text as deferrals
from site
where campaign_id = $1 and ($2::text is null or city = $2) and facts -> 'deferrals' is not null
group by city
