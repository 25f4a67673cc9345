-- Yuan spent on each problem, by city.
-- $1 campaign, $2 city (null: all)
select city, problem, sum(amount::numeric) as cny
from site, json_each_text(facts -> 'costs') as c (problem, amount)
where campaign_id = $1 and ($2::text is null or city = $2)
group by city, problem
order by city, problem
