-- Counts the refused commands of a campaign.
-- $1 campaign
select count(*) from ledger where campaign_id = $1 and kind = 'refused'
