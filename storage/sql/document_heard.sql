-- Drafts and issued documents of a campaign ($1) from the moment $2 on that are not among $3, in the order of issue.
-- A draft is named `<key> drafted` there: it is news again when it is issued. What was put away is no news.
select key, city, kind, rung, issued_at, sites, data, number, state, progress
from document
where campaign_id = $1 and issued_at >= $2 and state not in ('rejected', 'withdrawn')
    and case when state = 'drafted' then key || ' drafted' else key end <> all ($3::text[])
order by issued_at, key
