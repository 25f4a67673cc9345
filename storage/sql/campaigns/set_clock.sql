-- Stores the time of a campaign's stepped clock.
-- $1 campaign, $2 clock
update campaign set clock = $2 where campaign_id = $1
