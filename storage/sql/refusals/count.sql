-- Counts the refused commands of a campaign: the entries `refused` of all its streams.
-- $1 campaign
select count(*) from ledger where campaign_id = $1 and kind = 'refused'
