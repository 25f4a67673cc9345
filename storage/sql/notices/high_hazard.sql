-- The open sites of a city whose present hazard is high (by the last order, else as the register or its rule has it),
-- by their deadline.
-- $1 campaign, $2 city
select site_id, coalesce(facts #>> '{corrections,name}', name) as name, county, stage, due_at, suspended,
    coalesce(facts #> '{corrections,responsible}', record -> 'responsible')::text as responsible,
    (facts -> 'clauses')::text as clauses
from site
where campaign_id = $1 and city = $2 and stage in ('rectifying', 'verifying')
    and coalesce(facts #>> '{grade,hazard}', record ->> 'hazard', 'medium') = 'high'
order by due_at nulls last, site_id
