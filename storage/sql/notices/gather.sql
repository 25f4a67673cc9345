-- Assigns the waiting notices of a city to the documents of their kind and rung. A document that has notices, or was
-- issued, gets no more of them, so that its list never changes after somebody read it. Later notices wait for the next
-- dispatch. The carry-over of a site that was opened again since is not told.
-- $1 campaign, $2 city, $3 dispatch instant, $4 kinds, $5 rungs, $6 document keys, $7 lead counties (null: none)
update notice set document_key = lot.key
from unnest($4::text[], $5::integer[], $6::text[], $7::text[]) as lot (kind, rung, key, county)
where notice.campaign_id = $1 and notice.city = $2 and notice.at <= $3 and notice.document_key is null
    and notice.kind = lot.kind and notice.rung = lot.rung
    and (notice.data ->> 'lead_county') is not distinct from lot.county
    and (notice.kind <> 'carry_over' or exists (
        select from site
        where site.campaign_id = $1 and site.site_id = notice.site_id and site.stage = 'carried_over'
            and site.settled_at <= notice.at
    ))
    and not exists (select from notice sealed where sealed.document_key = lot.key)
    and not exists (select from document where document.key = lot.key)
