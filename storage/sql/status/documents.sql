-- Counts the documents of a campaign by state.
-- $1 campaign
select state, count(*) as documents from document where campaign_id = $1 group by state order by state
