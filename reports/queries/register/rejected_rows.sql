-- Rows of the register that were left out at the start.
-- $1 campaign, $2 at most so many (null: all)
select "row", faults, raw
from rejected_row
where campaign_id = $1
order by "row"
limit $2
