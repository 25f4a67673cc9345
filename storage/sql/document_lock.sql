-- Two channels of one document may finish at once; each must see what the other brought about.
select from document where key = $1 for update
