-- Sites past their due date at $2 (the rule of `storage.phase.is_overdue`), longest overdue first.
select site_id, name, city, stage, due_at, rung
from site
where campaign_id = $1 and due_at < $2 and ($3::text is null or city = $3)
    and stage in ('registered', 'rectifying', 'verifying') and not suspended
order by due_at, site_id
limit $4
