-- The state of a campaign.
-- $1 campaign
select state from campaign where campaign_id = $1
