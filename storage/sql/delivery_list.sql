-- All ways of one document, in the order in which they are planned (rules/routing.py).
select document_key as key, channel, recipients, state, attempts, said, changed_at
from delivery
where document_key = $1
order by channel <> 'outbox', channel <> 'e-mail', channel
