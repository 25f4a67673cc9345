-- Counts the rows of the register that were left out, and their faults.
-- $1 campaign
select count(*) as rows, coalesce(sum(cardinality(faults)), 0) as faults
from rejected_row
where campaign_id = $1
