-- The document numbers of all programmes.
select document_number from programme
