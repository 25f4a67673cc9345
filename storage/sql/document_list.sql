-- The documents of a campaign and, if given, of a city, in the order of issue.
select key, campaign_id, city, kind, rung, number, issued_at, sites, data, subject, text, html, addressee, recipients,
    state, sent_at, progress
from document
where campaign_id = $1 and ($2::text is null or city = $2)
order by issued_at, key
