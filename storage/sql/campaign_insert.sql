-- Claims a campaign's id and document number; no row comes back if either is taken.
insert into campaign (campaign_id, document_number, title, plan, digest, register_digest, clock)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing
returning campaign_id
