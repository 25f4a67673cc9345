-- What is known of the programmes; $1 picks one, null all.
select programme_id, document_number, title, digest, register_digest, clock
from programme
where $1::text is null or programme_id = $1
order by programme_id
