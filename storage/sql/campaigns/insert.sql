-- Writes a campaign. Returns its id; no row if the id or the document number is taken.
-- $1 campaign, $2 document number, $3 title, $4 plan, $5 digest, $6 register digest, $7 clock
insert into campaign (campaign_id, document_number, title, plan, digest, register_digest, clock)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing
returning campaign_id
