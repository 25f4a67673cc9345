-- When the deployment of each city was approved last.
-- $1 campaign
select split_part(stream, '/', 3) as city, max(at) as approved_at
from ledger
where campaign_id = $1 and kind = 'deployment_approved'
group by stream
