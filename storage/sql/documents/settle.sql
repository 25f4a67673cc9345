-- Sets a document's state from its deliveries, once none of them waits. It is sent if one of them was sent; the outbox
-- counts only where there is no other, because it is the sender's own file. A later state than `issued` stays.
-- $1 key, $2 campaign time, $3 the outbox' channel
update document set
    state = case when state not in ('issued', 'failed') then state when reached then 'sent' else 'failed' end,
    sent_at = case when reached then coalesce(sent_at, $2) else sent_at end
from (
    select bool_or(state = 'waiting') as waiting,
        coalesce(bool_or(state = 'sent') filter (where channel <> $3), bool_or(state = 'sent')) as reached
    from delivery where document_key = $1
) as ways
where key = $1 and not waiting
