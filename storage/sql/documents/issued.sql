-- Those of these documents that were issued.
-- $1 keys
select key from document where key = any ($1::text[]) and state not in ('drafted', 'rejected', 'withdrawn')
