-- What was deferred at a campaign's sites, and how the cases of their police tracks stand, summed over their facts.
select
    coalesce(sum(extensions), 0)::integer as extensions,
    coalesce(sum((facts -> 'deferrals' ->> 'extensions_refused')::integer), 0)::integer as extensions_refused,
    count(*) filter (where (facts -> 'deferrals' ->> 'extension_pending')::boolean)::integer as extensions_pending,
    coalesce(sum(suspensions), 0)::integer as suspensions
from site
where campaign_id = $1
