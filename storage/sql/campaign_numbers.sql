-- Whether a campaign's documents have numbers: its plan's bears one since they do.
select exists (select from document where campaign_id = $1 and kind = 'plan_issue' and number is not null)
