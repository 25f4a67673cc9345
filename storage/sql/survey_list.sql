-- The surveys of a campaign ($2: one of them; $3: those of one city), oldest first.
select id, digest, at, actor, cities
from survey
where campaign_id = $1 and ($2::text is null or id = $2) and ($3::text is null or cities -> $3 is not null)
order by at, id
