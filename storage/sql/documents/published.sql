-- Drafts and issued documents from an instant on, in the order of issue, without those that are known. A draft is known
-- as `<key> drafted`, because its issue is published as well. Rejected and withdrawn drafts are left out.
-- $1 campaign, $2 the instant, $3 known names
select key, city, kind, rung, issued_at, sites, data, number, state, progress
from document
where campaign_id = $1 and issued_at >= $2 and state not in ('rejected', 'withdrawn')
    and case when state = 'drafted' then key || ' drafted' else key end <> all ($3::text[])
order by issued_at, key
