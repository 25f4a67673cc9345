-- The cities that the plan has reached (their streams have begun) and that are not settled, or patrol still.
select code
from city
where campaign_id = $1 and seq > 0
    and (not settled or coalesce(facts #>> '{patrol,state}', 'closed') <> 'closed')
order by code
