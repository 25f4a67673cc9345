-- What each enterprise owes for work that counties did in its place, in yuan.
-- $1 campaign, $2 city (null: all)
select owed.key as enterprise, sum(owed.value::numeric) as cny, count(*) as sites
from site, json_each_text(facts #> '{builder,owed}') as owed
where campaign_id = $1 and ($2::text is null or city = $2) and facts #> '{builder,owed}' is not null
group by owed.key
order by owed.key
