-- One document with its text and its letter.
-- $1 key
select key, campaign_id, city, kind, rung, number, issued_at, sites, data, subject, text, html, letter, addressee,
    recipients, state, sent_at, progress
from document
where key = $1
