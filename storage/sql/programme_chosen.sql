-- The sites that went into a campaign ($2).
select record, area_ha, carried_from from programme_site
where programme_id = $1 and campaign_id = $2
order by site_id
