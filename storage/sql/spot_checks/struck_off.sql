-- The sites that were closed at an instant, by id, each with the acceptance that closed it and with those who reported
-- or verified there, and the units that reported. Its hazard is that of the last order before then, else of its
-- opening. With a level, also those that had passed that level and were still in acceptance. Read from the ledgers as
-- of what was recorded then, so that every call returns the same.
-- $1 campaign, $2 city (null: all), $3 the instant, $4 level (null: closed sites only), $5 kinds of entries whose
-- actors count
select s.site_id as id, s.city, s.county, coalesce(g.hazard, s.record ->> 'hazard', 'medium') as hazard,
    p.round, p.level, p.at, coalesce(h.participants, '{}') as participants,
    coalesce(h.workers, '{}') as workers
from site s
cross join lateral (
    select l.stream, l.seq, (l.data::json ->> 'round')::integer as round, l.data::json ->> 'level' as level, l.at
    from ledger l
    where l.stream = 'site/' || s.campaign_id || '/' || s.site_id and l.at <= $3 and l.received_at <= $3
        and (l.kind = 'closed' or (l.kind = 'level_passed' and l.data::json ->> 'level' = $4::text))
    order by (l.data::json ->> 'round')::integer desc, l.seq
    limit 1
) p
left join lateral (
    select array_agg(distinct l.actor::json ->> 'id' order by l.actor::json ->> 'id') as participants,
        array_agg(distinct l.actor::json ->> 'unit' order by l.actor::json ->> 'unit')
            filter (where l.kind = 'task_reported') as workers
    from ledger l
    where l.stream = p.stream and l.at <= $3 and l.received_at <= $3 and l.kind = any ($5::text[])
        and l.actor::json ->> 'role' <> 'system'
) h on true
left join lateral (
    select coalesce(l.data::json ->> 'hazard', l.data::json #>> '{grade,hazard}') as hazard from ledger l
    where l.stream = p.stream and l.at <= $3 and l.received_at <= $3 and l.kind in ('opened', 'regraded')
    order by l.seq desc
    limit 1
) g on true
where s.campaign_id = $1 and ($2::text is null or s.city = $2)
    and not exists (
        select from ledger r
        where r.stream = p.stream and r.seq > p.seq and r.at <= $3 and r.received_at <= $3
            and r.kind in ('reopened', 'level_failed', 'carried_over')
    )
order by s.site_id
