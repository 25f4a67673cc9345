-- The programmes that have this id or one of these spellings of a document number.
-- $1 programme, $2 document numbers
select programme_id, document_number, digest, register_digest, frozen
from programme
where programme_id = $1 or document_number = any ($2::text[])
