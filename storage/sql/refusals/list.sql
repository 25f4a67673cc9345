-- Those commands, in the order of receipt.
-- $1 campaign, $2 city (null: all; else its own stream and those of its sites and spot checks), $3 site (null: all),
-- $4 received at or after (null: all), $5 at most so many (null: all)
select
    stream,
    received_at,
    actor::json ->> 'id' as sender,
    actor::json ->> 'role' as role,
    actor::json ->> 'unit' as unit,
    data::json ->> 'command' as command,
    data::json ->> 'command_id' as command_id,
    data::json ->> 'reason' as reason
from ledger
where campaign_id = $1 and kind = 'refused'
    and ($2::text is null or stream = 'city/' || $1 || '/' || $2
        or stream in (select 'site/' || $1 || '/' || site_id from site where campaign_id = $1 and city = $2)
        or stream in (
            select 'spot-check/' || $1 || '/' || check_id from spot_check where campaign_id = $1 and city = $2
        ))
    and ($3::text is null or stream = 'site/' || $1 || '/' || $3)
    and ($4::timestamptz is null or received_at >= $4)
order by received_at, stream, seq
limit $5
