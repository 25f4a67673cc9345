-- Sites that are overdue (`storage.status.is_overdue`), longest first.
-- $1 campaign, $2 the instant of the count, $3 city (null: all), $4 at most so many
select site_id, name, city, stage, due_at, rung
from site
where campaign_id = $1 and due_at < $2 and ($3::text is null or city = $3)
    and stage in ('registered', 'rectifying', 'verifying') and not suspended
order by due_at, site_id
limit $4
