-- The counties of a campaign's register.
select distinct county collate "C" as county from site where campaign_id = $1 order by 1
