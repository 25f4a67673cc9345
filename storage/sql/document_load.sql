-- One document with its text.
select key, campaign_id, city, kind, rung, issued_at, sites, data, subject, text, html, addressee, recipients, state,
    sent_at
from document
where key = $1
