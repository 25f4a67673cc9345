-- Those of these documents that have a channel besides the outbox, and were sent through none of these.
-- $1 document keys, $2 the outbox' channel
select document_key as key
from delivery
where document_key = any ($1::text[]) and channel <> $2
group by document_key
having count(*) filter (where state = 'sent') = 0
order by document_key
