-- Writes an amendment; nothing comes back if its place is taken.
insert into amendment (campaign_id, amendment, document_number, title, digest, content, plan, removed, written_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing
returning amendment
