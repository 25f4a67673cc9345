-- What the documents of a campaign are called, newest first.
select key, number, city from document where campaign_id = $1 order by issued_at desc, key
