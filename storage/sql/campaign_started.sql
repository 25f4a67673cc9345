-- Notes that the campaign's workflow was started.
update campaign set started = true where campaign_id = $1 and not started
