-- Counts the documents of a campaign that wait for an approval or for the agencies, and those whose receipts,
-- reply or lifting are overdue.
-- The rules of `schemas.documents.document.Progress`, for many documents at once.
-- $1 campaign, $2 the instant of the count
select
    count(*) filter (
        where state = 'drafted' and progress ->> 'approver' is not null and progress ->> 'approved_at' is null
    ) as unapproved,
    count(*) filter (
        where state = 'drafted' and exists (
            select from json_array_elements_text(progress -> 'joint' -> 'agencies') agency
            where progress -> 'joint' -> 'signed' -> agency is null
        )
    ) as uncountersigned,
    count(*) filter (
        where (progress ->> 'receipt_due')::timestamptz < $2::timestamptz
            and exists (
                select from json_array_elements_text(progress -> 'units') unit
                where progress -> 'signed' -> unit is null
            )
    ) as unsigned,
    count(*) filter (
        where (progress ->> 'reply_due')::timestamptz < $2::timestamptz
            and progress ->> 'lifted_at' is null
            and json_array_length(progress -> 'replies') = 0
    ) as unanswered,
    count(*) filter (
        where (progress ->> 'lifting_due')::timestamptz < $2::timestamptz and progress ->> 'lifted_at' is null
    ) as unlifted
from document
where campaign_id = $1
