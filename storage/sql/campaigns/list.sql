-- Campaigns without their plans, by id.
-- $1 campaign (null: all)
select campaign_id, document_number, title, digest, register_digest, clock, started, seq, state, issued_at, closed_at,
    signing
from campaign
where $1::text is null or campaign_id = $1
order by campaign_id
