-- These sites ($3) go into a campaign ($2).
update programme_site set
    carried_from = case when settled = 'carried_over' then campaign_id end,
    campaign_id = $2,
    settled = null
where programme_id = $1 and site_id = any ($3::text[]) and campaign_id is distinct from $2
