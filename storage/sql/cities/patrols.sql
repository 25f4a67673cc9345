-- The facts of the patrols that have begun, in the order of the plan.
-- $1 campaign, $2 city (null: all)
select code, (facts -> 'patrol')::text as patrol
from city
where campaign_id = $1 and ($2::text is null or code = $2) and facts -> 'patrol' is not null
order by position
