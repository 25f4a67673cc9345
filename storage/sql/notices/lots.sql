-- By kind, rung and document key: the sites of a dispatch's documents, and of documents of the city that an earlier
-- dispatch gathered and never issued. `data` is that of a notice which names no site.
-- $1 campaign, $2 document keys of the dispatch, $3 city
select document_key as key, kind, rung,
    coalesce(array_agg(distinct site_id) filter (where site_id is not null), '{}') as sites,
    min(data ->> 'lead_county') as county,
    (array_agg(data::text order by at desc, key desc) filter (where site_id is null))[1] as data
from notice
where campaign_id = $1 and city = $3 and document_key is not null
    and (document_key = any ($2::text[]) or not exists (select from document where document.key = document_key))
group by document_key, kind, rung
order by kind, rung, document_key
