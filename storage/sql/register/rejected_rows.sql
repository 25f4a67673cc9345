-- The rows of the register that were left out, in the order of the file.
-- $1 campaign
select "row", faults, raw from rejected_row where campaign_id = $1 order by "row"
