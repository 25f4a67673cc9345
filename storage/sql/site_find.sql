-- Where a site id occurs; $2 narrows to one campaign. Ten are enough to show that it is ambiguous.
select campaign_id, site_id, city from site
where site_id = $1 and ($2::text is null or campaign_id = $2)
order by campaign_id
limit 10
