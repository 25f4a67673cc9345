-- The sequence number of the last entry of each stream of a campaign.
-- $1 campaign
select stream, max(seq) as seq from ledger where campaign_id = $1 group by stream
