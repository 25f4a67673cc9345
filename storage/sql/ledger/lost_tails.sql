-- The first state row that follows from an entry which is not in the ledger: the end of that stream was removed.
-- $1 campaign
select stream, seq
from (
    select 'campaign/' || campaign_id as stream, seq from campaign where campaign_id = $1
    union all
    select 'city/' || campaign_id || '/' || code, seq from city where campaign_id = $1
    union all
    select 'site/' || campaign_id || '/' || site_id, seq from site where campaign_id = $1
) as state
where seq > 0 and not exists (
    select from ledger where ledger.stream = state.stream and ledger.seq = state.seq and ledger.campaign_id = $1
)
order by stream collate "C"
limit 1
