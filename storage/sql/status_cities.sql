-- The cities of a campaign ($2: one of them) in the order of the plan, with their deployments.
select code, name, deployment, deployment_due, submitted_at
from city
where campaign_id = $1 and ($2::text is null or code = $2)
order by position
