-- The cities that the plan has reached (their streams have begun) and that are not settled.
select code
from city
where campaign_id = $1 and not settled and seq > 0
order by code
