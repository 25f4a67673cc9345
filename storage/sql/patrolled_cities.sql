-- The cities of a campaign whose patrol after closure is over, as their desks say.
select code
from city
where campaign_id = $1 and facts #>> '{patrol,state}' = 'closed'
order by code
