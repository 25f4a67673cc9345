-- The programmes that have this id or this document number.
-- $1 programme, $2 document number
select programme_id, document_number, digest, register_digest, frozen
from programme
where programme_id = $1 or document_number = $2
