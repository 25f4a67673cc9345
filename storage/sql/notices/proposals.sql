-- The sites of a document with the round and the number of the proposal that it decides.
-- $1 document key, $2 campaign, $3 some of its sites (empty: all that it lists)
select n.site_id, (n.data ->> 'round')::integer as round, coalesce((n.data ->> 'proposal')::integer, 1) as proposal
from notice n
where n.campaign_id = $2 and n.document_key = $1 and n.site_id is not null and n.data ->> 'round' is not null
    and (cardinality($3::text[]) = 0 or n.site_id = any ($3::text[]))
    and (cardinality($3::text[]) > 0 or n.site_id = any (select unnest(sites) from document where key = $1))
order by n.site_id
