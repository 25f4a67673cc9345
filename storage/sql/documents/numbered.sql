-- Whether the documents of a campaign have numbers: then that of its plan has one.
-- $1 campaign
select exists (select from document where campaign_id = $1 and kind = 'plan_issue' and number is not null)
