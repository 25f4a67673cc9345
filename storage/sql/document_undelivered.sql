-- Documents (those issued before $2, if it is given) that wait for a delivery, oldest first; one may be signed for
-- before the last channel took it.
select key
from document
where campaign_id = $1 and ($2::timestamptz is null or issued_at < $2)
    and (state = 'issued' or exists (select from delivery where document_key = key and delivery.state = 'waiting'))
order by issued_at, key
