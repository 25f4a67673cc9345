-- The codes of the cities that are settled.
-- $1 campaign
select code
from city
where campaign_id = $1 and settled
order by code
