-- One register row.
select record from site where campaign_id = $1 and site_id = $2
