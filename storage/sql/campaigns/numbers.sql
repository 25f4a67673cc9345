-- The document numbers of all campaigns.
select document_number from campaign
