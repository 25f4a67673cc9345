-- Takes sites of the stock into a campaign.
-- $1 programme, $2 campaign, $3 site ids
update programme_site set
    carried_from = case when settled = 'carried_over' then campaign_id end,
    campaign_id = $2,
    settled = null
where programme_id = $1 and site_id = any ($3::text[]) and campaign_id is distinct from $2
