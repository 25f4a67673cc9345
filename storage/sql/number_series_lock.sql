-- Holds a series until the transaction ends; the first document of its year begins it.
insert into number_series (series, year, last) values ($1, $2, 0)
on conflict (series, year) do update set last = number_series.last
