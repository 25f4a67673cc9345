-- Sums the extensions and suspensions of a campaign's sites.
-- $1 campaign
select
    coalesce(sum(extensions), 0)::integer as extensions,
    coalesce(sum((facts -> 'deferrals' ->> 'extensions_refused')::integer), 0)::integer as extensions_refused,
    count(*) filter (where (facts -> 'deferrals' ->> 'extension_pending')::boolean)::integer as extensions_pending,
    coalesce(sum(suspensions), 0)::integer as suspensions
from site
where campaign_id = $1
