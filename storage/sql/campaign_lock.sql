-- One writer of amendments at a time.
select campaign_id from campaign where campaign_id = $1 for update
