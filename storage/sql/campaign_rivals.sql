-- The campaigns that hold an id or a document number.
select campaign_id, document_number, digest, register_digest from campaign
where campaign_id = $1 or document_number = $2
order by campaign_id = $1 desc
