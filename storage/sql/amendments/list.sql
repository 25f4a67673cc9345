-- The amendments of a campaign in order, with the instant at which each came into force (null: it has not).
-- $1 campaign
select a.amendment, a.document_number, a.title, a.digest, a.removed, a.written_at, a.plan, a.content,
    (
        select l.at from ledger l
        where l.campaign_id = a.campaign_id and l.stream = 'campaign/' || a.campaign_id
            and l.kind = 'plan_amended' and (l.data::json ->> 'amendment')::integer = a.amendment
    ) as heard_at
from amendment a
where a.campaign_id = $1
order by a.amendment
