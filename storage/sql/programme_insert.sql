-- Claims a programme's id and document number; no row comes back if either is taken.
insert into programme (programme_id, document_number, title, frozen, digest, register_digest, clock)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing
returning programme_id
