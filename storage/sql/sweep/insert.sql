-- Writes patches; a patch that stands stays as it is.
-- $1 campaign, $2 patches as a JSON list, $3 at, $4 actor
insert into patch (campaign_id, id, batch, source, city, county, place, area_ha, note, clue, at, actor)
select $1, id, batch, source, city, county, place, area_ha, note, clue, $3, $4
from json_to_recordset($2::json) as given (
    id text, batch text, source text, city text, county text, place text, area_ha double precision, note text,
    clue boolean
)
on conflict (campaign_id, id) do nothing
