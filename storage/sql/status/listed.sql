-- Sites with where they stand and who is responsible, by city and id.
-- $1 campaign, $2 city (null: all), $3 at most so many, $4 unit and $5 person to whom they or their requirements belong
-- (null: whoever)
select site_id, name, city, county, stage, due_at, rung, suspended, responsible_units[1] as responsible_unit,
    coalesce(facts #>> '{responsible,person}', record ->> 'responsible_person') as responsible_person,
    facts #> '{responsible,requirements}' as requirements
from site
where campaign_id = $1 and ($2::text is null or city = $2)
    and ($4::text is null or responsible_units @> array[$4] or responsible_people @> array[$5::text])
order by city, site_id
limit $3
