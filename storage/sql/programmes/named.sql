-- Those of these sites that are in the stock, and whether they are free: neither treated nor in a running campaign.
-- $1 programme, $2 site ids
select record, campaign_id, coalesce(campaign_id is null or settled = 'carried_over', false) as free
from programme_site
where programme_id = $1 and site_id = any ($2::text[])
order by site_id
