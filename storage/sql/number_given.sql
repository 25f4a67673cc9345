-- The numbers that documents have already.
select key, n from document_number where key = any ($1::text[])
