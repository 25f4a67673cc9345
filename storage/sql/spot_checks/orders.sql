-- The orders of spot checks, oldest first, whose checks are not closed, or were closed since an instant; each with the
-- last amendment that the campaign knew when it ordered.
-- $1 campaign, $2 ordered before, $3 closed since
select o.at, o.data, c.received_at is not null as closed, coalesce((
    select max((a.data::json ->> 'amendment')::integer)
    from ledger a
    where a.stream = o.stream and a.seq < o.seq and a.kind = 'plan_amended'
), 0) as amendment
from ledger o
left join lateral (
    select l.received_at
    from ledger l
    where l.stream = 'spot-check/' || $1 || '/' || (o.data::json ->> 'check') and l.kind = 'spot_check_closed'
    limit 1
) c on true
where o.stream = 'campaign/' || $1 and o.kind = 'spot_check_ordered' and o.at < $2
    and (c.received_at is null or c.received_at >= $3)
order by o.seq
