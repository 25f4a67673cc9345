-- Gives a document the next number of a series. Returns the number.
-- $1 document key, $2 series, $3 year, $4 campaign
with next as (
    update number_series set last = last + 1 where series = $2 and year = $3 returning last
)
insert into document_number (key, series, year, n, campaign_id)
select $1, $2, $3, last, $4 from next
returning n
