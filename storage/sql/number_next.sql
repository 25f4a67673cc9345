-- The next number of a series ($2) in a year ($3), for the document $1 of the campaign $4.
with next as (
    update number_series set last = last + 1 where series = $2 and year = $3 returning last
)
insert into document_number (key, series, year, n, campaign_id)
select $1, $2, $3, last, $4 from next
returning n
