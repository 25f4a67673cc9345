-- The keys and numbers of a campaign's documents, newest first.
-- $1 campaign
select key, number, city from document where campaign_id = $1 order by issued_at desc, key
