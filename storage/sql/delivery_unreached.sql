-- Of these documents ($1 keys) those that should go through a channel beside the outbox ($2), and went through none.
select document_key as key
from delivery
where document_key = any ($1::text[]) and channel <> $2
group by document_key
having count(*) filter (where state = 'sent') = 0
order by document_key
