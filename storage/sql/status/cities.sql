-- The cities with their deployments and patrols, in the order of the plan.
-- $1 campaign, $2 city (null: all)
select code, name, deployment, deployment_due, submitted_at,
    coalesce((facts ->> 'versions')::integer, 0) as versions, coalesce((facts ->> 'returns')::integer, 0) as returns,
    (facts -> 'patrol')::text as patrol, (facts -> 'clauses')::text as clauses,
    json_build_object(
        'counties', facts -> 'counties', 'calls', facts -> 'calls', 'calls_made', facts -> 'calls_made',
        'calls_answered', facts -> 'calls_answered', 'sweep', facts -> 'sweep'
    )::text as below
from city
where campaign_id = $1 and ($2::text is null or code = $2)
order by position
