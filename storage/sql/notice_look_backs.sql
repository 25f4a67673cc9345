-- What is inspected again of the sites whose strike-off these documents ($2) tell, as their notices say.
select site_id, (data -> 'look_backs')::text as look_backs
from notice
where campaign_id = $1 and document_key = any ($2::text[]) and kind = 'closure' and data -> 'look_backs' is not null
order by site_id, at
