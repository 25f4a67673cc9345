-- Locks a campaign's row, so that one transaction at a time writes amendments.
-- $1 campaign
select campaign_id from campaign where campaign_id = $1 for update
