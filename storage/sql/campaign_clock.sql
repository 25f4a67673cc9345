-- Where the stepped clock of a campaign stands.
update campaign set clock = $2 where campaign_id = $1
