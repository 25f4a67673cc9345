-- The patches and clues of a campaign with how each was settled, by city, county and id.
-- $1 campaign, $2 a patch (null: all)
select p.id, p.batch, p.source, p.city, p.county, p.place, p.area_ha, p.note, p.clue, l.kind as settled,
    l.at as settled_at, l.data as settled_as, i.due
from patch p
left join lateral (
    select kind, at, data from ledger
    where stream = 'city/' || p.campaign_id || '/' || p.city and kind in ('patch_confirmed', 'patch_refuted')
        and data::json ->> 'patch' = p.id
) l on true
left join lateral (
    select min(data::json ->> 'due') as due from ledger
    where stream = 'city/' || p.campaign_id || '/' || p.city
        and (kind = 'patches_issued' and data::json ->> 'batch' = p.batch
            or kind = 'clue_reported' and data::json ->> 'clue' = p.id)
) i on true
where p.campaign_id = $1 and ($2::text is null or p.id = $2)
order by p.city, p.county, p.id
