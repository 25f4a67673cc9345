-- $1 campaign
select count(*) as rows, coalesce(sum(cardinality(faults)), 0) as faults
from rejected_row
where campaign_id = $1
