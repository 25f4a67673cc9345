-- Sites that are overdue (`storage.status.is_overdue`), longest first.
-- $1 campaign, $2 the instant of the count, $3 city (null: all), $4 at most so many, $5 unit and $6 person to whom
-- they or their requirements belong (null: whoever), $7 hazard (null: any)
select site_id, name, city, stage, due_at, rung, responsible_units[1] as responsible_unit,
    coalesce(facts #>> '{responsible,person}', record ->> 'responsible_person') as responsible_person,
    coalesce(facts #>> '{grade,hazard}', record ->> 'hazard', 'medium') as hazard, (facts -> 'clauses')::text as clauses
from site
where campaign_id = $1 and due_at < $2 and ($3::text is null or city = $3)
    and ($7::text is null or coalesce(facts #>> '{grade,hazard}', record ->> 'hazard', 'medium') = $7)
    and stage in ('registered', 'rectifying', 'verifying') and not suspended
    and ($5::text is null or responsible_units @> array[$5] or responsible_people @> array[$6::text])
order by due_at, site_id
limit $4
