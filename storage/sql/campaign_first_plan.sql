-- The frozen plan, byte for byte as it was started.
select plan from campaign where campaign_id = $1
