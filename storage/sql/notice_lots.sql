-- The lots of documents ($2 keys): kind, rung and the sites, each once.
select kind, rung, coalesce(array_agg(distinct site_id) filter (where site_id is not null), '{}') as sites
from notice
where campaign_id = $1 and document_key = any ($2::text[])
group by kind, rung
order by kind, rung
