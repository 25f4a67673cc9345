-- The lots of a dispatch ($2 keys) and of documents that were gathered for before and never issued, in the city $3:
-- kind, rung, the document's key and the sites, each once; `data` is that of a notice which names no site.
select document_key as key, kind, rung,
    coalesce(array_agg(distinct site_id) filter (where site_id is not null), '{}') as sites,
    (array_agg(data::text order by at desc, key desc) filter (where site_id is null))[1] as data
from notice
where campaign_id = $1 and city = $3 and document_key is not null
    and (document_key = any ($2::text[]) or not exists (select from document where document.key = document_key))
group by document_key, kind, rung
order by kind, rung, document_key
