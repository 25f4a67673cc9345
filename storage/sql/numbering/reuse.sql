-- Gives a document the lowest number of its city whose own document was never issued. Returns the number; no row if
-- there is none.
-- $1 document key, $2 series, $3 year, $4 campaign, $5 the part of the city's keys before the colon,
-- $6 document keys whose numbers stay
update document_number set key = $1
where key = (
    select n.key from document_number n
    where n.series = $2 and n.year = $3 and n.campaign_id = $4 and split_part(n.key, ':', 1) = $5
        and n.key <> all ($6::text[]) and not exists (select from document d where d.key = n.key)
    order by n.n
    limit 1
)
returning n
