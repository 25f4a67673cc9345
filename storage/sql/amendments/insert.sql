-- Writes an amendment. Returns its number; no row if its number or document number is taken.
-- $1 campaign, $2 amendment, $3 document number, $4 title, $5 digest, $6 content, $7 plan,
-- $8 removed cities, $9 written at
insert into amendment (campaign_id, amendment, document_number, title, digest, content, plan, removed, written_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing
returning amendment
