-- The patches and clues that stand, of these ids or of a batch.
-- $1 campaign, $2 ids, $3 batch
select id, batch, source, city, county, place, area_ha, note, clue from patch
where campaign_id = $1 and (id = any ($2::text[]) or batch = $3 and not clue)
order by id
