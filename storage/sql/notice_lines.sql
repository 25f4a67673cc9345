-- The lines of a document that lists sites: the notices it answers, with the sites they speak of.
-- $1 campaign, $2 document key, $3 city, $4 kind, $5 rung, $6 issued at, $7 sites.
-- A dispatch binds its notices to the document's key before the text is made; those that no dispatch gathered are
-- found as record.sql will bind them.
select n.key, n.site_id, s.name, s.county, n.data::text as data
from notice n
left join site s on s.campaign_id = n.campaign_id and s.site_id = n.site_id
-- What follows from an issued document lists what that one listed, which may be less than its draft did.
left join document d on d.key = n.document_key
where n.campaign_id = $1 and (
    (n.document_key = $2 and (d.key is null or n.site_id is null or n.site_id = any (d.sites)))
    or (
        n.document_key is null and n.city = $3 and n.kind = $4 and n.rung = $5 and n.at <= $6
        and n.site_id = any ($7::text[])
    )
)
order by s.county collate "C", n.site_id, n.at, n.key
