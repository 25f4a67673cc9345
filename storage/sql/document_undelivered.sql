-- Documents that wait for a delivery, oldest first; one may be signed for before the last channel took it.
select key
from document
where campaign_id = $1
    and (state = 'issued' or exists (select from delivery where document_key = key and delivery.state = 'waiting'))
order by issued_at, key
