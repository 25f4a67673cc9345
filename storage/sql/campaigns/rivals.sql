-- The campaigns that have this id or this document number, the one of the id first.
-- $1 campaign, $2 document number
select campaign_id, document_number, digest, register_digest, plan from campaign
where campaign_id = $1 or document_number = $2
order by campaign_id = $1 desc
