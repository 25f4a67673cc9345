-- What follows from entries of a programme's ledger that are not there: its documents, and its years' campaigns. The
-- end of its stream was removed, or the start of a year was cut off and is tried again.
-- $1 programme, $2 stream, $3 campaigns of its years
select 'document ' || key as what from document
where campaign_id = $1 and not exists (
    select from ledger
    where stream = $2 and kind = 'document_issued' and data::json ->> 'key' = document.key
)
union all
select 'campaign ' || campaign_id from campaign
where campaign_id = any ($3::text[]) and issued_at is not null and not exists (
    select from ledger
    where stream = $2 and kind = 'year_started' and data::json ->> 'campaign' = campaign.campaign_id
)
order by what
limit 1
