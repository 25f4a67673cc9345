-- Documents that wait for delivery, oldest first.
select key from document where campaign_id = $1 and state = 'issued' order by issued_at, key
