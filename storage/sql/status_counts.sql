-- Sites of a campaign ($2: of one city) counted by city, stage and rung; $3 is the moment by which they are overdue.
-- The rule of `storage.phase.is_overdue`, for many sites at once.
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
