-- The frozen plan in force: that of the newest amendment in force, else the one of the start.
-- $1 campaign
select coalesce(
    (
        select a.plan from amendment a
        where a.campaign_id = c.campaign_id and exists (
            select from ledger l
            where l.campaign_id = c.campaign_id and l.stream = 'campaign/' || c.campaign_id
                and l.kind = 'plan_amended' and (l.data::json ->> 'amendment')::integer = a.amendment
        )
        order by a.amendment desc limit 1
    ),
    c.plan
) as plan
from campaign c
where c.campaign_id = $1
