-- How many commands of a campaign were refused.
select count(*) from ledger where campaign_id = $1 and kind = 'refused'
