-- Counts sites by city, stage and rung, with their area. Overdue as in `storage.status.is_overdue`.
-- $1 campaign, $2 city (null: all), $3 the instant of the count
select city, stage, rung,
    count(*) as sites,
    sum(area_ha) as area_ha,
    count(*) filter (where suspended) as suspended,
    count(*) filter (
        where stage in ('registered', 'rectifying', 'verifying') and not suspended and due_at < $3::timestamptz
    ) as overdue
from site
where campaign_id = $1 and ($2::text is null or city = $2)
group by city, stage, rung
