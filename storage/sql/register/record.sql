-- One register row.
-- $1 campaign, $2 site id
select record, county from site where campaign_id = $1 and site_id = $2
