-- The anchors of a campaign, oldest first.
-- $1 campaign
select stream, seq, data from ledger where campaign_id = $1 and kind = 'anchored' order by seq
