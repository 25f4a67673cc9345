-- Gives the document $1 the lowest number of its desk ($5, what stands before the colon of a key) in the series $2 and
-- the year $3 whose document was never issued; not one of those that are numbered now ($6).
update document_number set key = $1
where key = (
    select n.key from document_number n
    where n.series = $2 and n.year = $3 and n.campaign_id = $4 and split_part(n.key, ':', 1) = $5
        and n.key <> all ($6::text[]) and not exists (select from document d where d.key = n.key)
    order by n.n
    limit 1
)
returning n
