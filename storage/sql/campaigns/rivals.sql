-- The campaigns that have this id or one of these spellings of a document number, the one of the id first.
-- $1 campaign, $2 document numbers
select campaign_id, document_number, digest, register_digest, plan from campaign
where campaign_id = $1 or document_number = any ($2::text[])
order by campaign_id = $1 desc
