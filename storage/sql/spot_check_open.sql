-- The orders of a campaign's spot checks that are not closed, each with the last amendment that the campaign knew then.
select o.at, o.data, coalesce((
    select max((a.data::json ->> 'amendment')::integer)
    from ledger a
    where a.stream = o.stream and a.seq < o.seq and a.kind = 'plan_amended'
), 0) as amendment
from ledger o
where o.stream = 'campaign/' || $1 and o.kind = 'spot_check_ordered' and not exists (
    select from ledger c
    where c.stream = 'spot-check/' || $1 || '/' || (o.data::json ->> 'check') and c.kind = 'spot_check_closed'
)
order by o.seq
