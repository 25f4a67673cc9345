-- The documents of a campaign with their texts, in the order of issue.
-- $1 campaign, $2 city (null: all)
select key, campaign_id, city, kind, rung, number, issued_at, sites, data, subject, text, html, addressee, recipients,
    state, sent_at, progress
from document
where campaign_id = $1 and ($2::text is null or city = $2)
order by issued_at, key
