-- The frozen plan, byte for byte as it was started.
-- $1 campaign
select plan from campaign where campaign_id = $1
