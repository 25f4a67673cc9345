-- The patches and clues of a campaign with how each was settled, by city, county and id; each ledger is read once.
-- $1 campaign, $2 a patch (null: all)
with said as materialized (
    select c.city, l.kind, l.at, l.data, l.data::json as fields
    from (select distinct city from patch where campaign_id = $1) c
    join ledger l on l.stream = 'city/' || $1 || '/' || c.city
    where l.kind in ('patches_issued', 'clue_reported', 'patch_confirmed', 'patch_refuted')
)
select p.id, p.batch, p.source, p.city, p.county, p.place, p.area_ha, p.note, p.clue, settled.kind as settled,
    settled.at as settled_at, settled.data as settled_as,
    coalesce(issued.fields ->> 'due', reported.fields ->> 'due') as due
from patch p
left join said settled on settled.city = p.city and settled.fields ->> 'patch' = p.id
left join said issued on issued.kind = 'patches_issued' and issued.city = p.city and issued.fields ->> 'batch' = p.batch
left join said reported on reported.kind = 'clue_reported' and reported.city = p.city
    and reported.fields ->> 'clue' = p.id
where p.campaign_id = $1 and ($2::text is null or p.id = $2)
order by p.city, p.county, p.id
