-- The codes of the cities whose patrol after closure is over.
-- $1 campaign
select code
from city
where campaign_id = $1 and facts #>> '{patrol,state}' = 'closed'
order by code
