-- Claims a survey's id in its campaign; no row comes back if it is taken.
insert into survey (campaign_id, id, digest, at, actor, cities)
values ($1, $2, $3, $4, $5, $6)
on conflict (campaign_id, id) do nothing
returning id
