-- The cities of a campaign whose desks say that nothing of theirs is open any more.
select code
from city
where campaign_id = $1 and settled
order by code
