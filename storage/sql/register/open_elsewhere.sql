-- The open sites of the other campaigns that run.
-- $1 the campaign that does not count, $2 the open stages
select site.campaign_id, site.site_id from site join campaign on campaign.campaign_id = site.campaign_id
where site.campaign_id <> $1 and campaign.started and campaign.closed_at is null
    and site.stage = any ($2::text[])
order by site.campaign_id, site.site_id
