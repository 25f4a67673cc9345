-- Programmes without their plans, by id.
-- $1 programme (null: all)
select programme_id, document_number, title, digest, register_digest, clock
from programme
where $1::text is null or programme_id = $1
order by programme_id
