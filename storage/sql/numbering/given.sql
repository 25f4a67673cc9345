-- The numbers that documents have already.
-- $1 document keys
select key, n from document_number where key = any ($1::text[])
