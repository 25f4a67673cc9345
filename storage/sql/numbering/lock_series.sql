-- Locks a series until the transaction ends; creates it for the first document of its year.
-- $1 series, $2 year
insert into number_series (series, year, last) values ($1, $2, 0)
on conflict (series, year) do update set last = number_series.last
