-- The sites that a campaign took, by id.
-- $1 programme, $2 campaign
select record, area_ha, carried_from from programme_site
where programme_id = $1 and campaign_id = $2
order by site_id
