-- The current state of the sites of drafts, each draft with its own rung. A draft that lists no site has one row of
-- nulls.
-- $1 draft keys
select d.key, d.rung as draft_rung, s.site_id, s.stage, s.rung, s.suspended, s.due_at,
    coalesce((s.facts ->> 'exhausted')::boolean, false) as exhausted
from document d
left join site s on s.campaign_id = d.campaign_id and s.site_id = any (d.sites)
where d.key = any ($1::text[])
order by d.key, s.site_id
