-- The kinds and rungs of notices that a city has, waiting or gathered.
select distinct kind, rung from notice where campaign_id = $1 and city = $2 order by kind, rung
