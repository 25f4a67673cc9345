-- Counts for each of these documents the sites it lists that are not closed; a site that is carried over is not closed.
-- $1 document keys
select d.key, count(s.site_id) filter (where s.stage <> 'closed') as open
from document d
left join site s on s.campaign_id = d.campaign_id and s.site_id = any (d.sites)
where d.key = any ($1::text[])
group by d.key
