-- Which of these documents ($1 keys) are recorded as issued.
select key from document where key = any ($1::text[]) and state not in ('drafted', 'rejected', 'withdrawn')
