-- Sets where the stepped clock of a campaign stands.
-- $1 campaign, $2 clock
update campaign set clock = $2 where campaign_id = $1
