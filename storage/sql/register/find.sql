-- Where a site id occurs, by campaign; ten rows are enough to show that it is ambiguous.
-- $1 site id, $2 campaign (null: all)
select campaign_id, site_id, city from site
where site_id = $1 and ($2::text is null or campaign_id = $2)
order by campaign_id
limit 10
