-- The counties to which the sites of a register belong, sorted.
-- $1 campaign, $2 city (null: all)
select distinct county collate "C" as county from site
where campaign_id = $1 and ($2::text is null or city = $2)
order by 1
