-- Every site id, to be compared by what is seen of it.
-- $1 campaign (null: all)
select campaign_id, site_id, city from site
where $1::text is null or campaign_id = $1
order by campaign_id, site_id
