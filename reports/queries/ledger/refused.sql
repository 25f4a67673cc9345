-- Refused commands, in the order of receipt.
-- $1 campaign, $2 at most so many
select
    stream,
    received_at,
    actor::json ->> 'id' as sender,
    actor::json ->> 'unit' as unit,
    data::json ->> 'command' as command,
    data::json ->> 'command_id' as command_id,
    data::json ->> 'reason' as reason
from ledger
where campaign_id = $1 and kind = 'refused'
order by received_at, stream, seq
limit $2
