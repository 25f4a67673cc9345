-- How many of the sites that documents ($1 keys) list are not struck off; what is carried over is not either.
select d.key, count(s.site_id) filter (where s.stage <> 'closed') as open
from document d
left join site s on s.campaign_id = d.campaign_id and s.site_id = any (d.sites)
where d.key = any ($1::text[])
group by d.key
