-- The codes of the cities whose stream has begun, and that are not settled or have a patrol that is not over.
-- $1 campaign
select code
from city
where campaign_id = $1 and seq > 0
    and (not settled or coalesce(facts #>> '{patrol,state}', 'closed') <> 'closed')
order by code
