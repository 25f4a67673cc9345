-- The stock that is not treated and that no campaign has now, by id: never chosen, or carried over.
-- $1 programme
select record, area_ha, settled, campaign_id from programme_site
where programme_id = $1 and (campaign_id is null or settled = 'carried_over')
order by site_id
