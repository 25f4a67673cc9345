-- What its deliveries make of a document, once none of them waits any more. It is sent if one of them reached somebody:
-- the outbox ($3) is the sender's own file and counts only where there is no other. What has come further stays there.
update document set
    state = case when state not in ('issued', 'failed') then state when reached then 'sent' else 'failed' end,
    sent_at = case when reached then coalesce(sent_at, $2) else sent_at end
from (
    select bool_or(state = 'waiting') as waiting,
        coalesce(bool_or(state = 'sent') filter (where channel <> $3), bool_or(state = 'sent')) as reached
    from delivery where document_key = $1
) as ways
where key = $1 and not waiting
