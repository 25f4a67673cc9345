-- The notices that a document answers, with the names and counties of their sites, by county and site. A dispatch has
-- set their document key before the text is made; those that no dispatch assigned are selected as in
-- recording/record.sql.
-- $1 campaign, $2 document key, $3 city, $4 kind, $5 rung, $6 issued at, $7 sites
select n.key, n.site_id, s.name, s.county, n.data::text as data
from notice n
left join site s on s.campaign_id = n.campaign_id and s.site_id = n.site_id
-- An issued document may list less than its draft did; only what it lists counts.
left join document d on d.key = n.document_key
where n.campaign_id = $1 and (
    (n.document_key = $2 and (d.key is null or n.site_id is null or n.site_id = any (d.sites)))
    or (
        n.document_key is null and n.city = $3 and n.kind = $4 and n.rung = $5 and n.at <= $6
        and n.site_id = any ($7::text[])
    )
)
order by s.county collate "C", n.site_id, n.at, n.key
