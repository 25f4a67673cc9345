-- The counties of a campaign's register, sorted.
-- $1 campaign
select distinct county collate "C" as county from site where campaign_id = $1 order by 1
