-- Marks that the campaign's workflow was started.
-- $1 campaign
update campaign set started = true where campaign_id = $1 and not started
