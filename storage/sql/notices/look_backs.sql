-- What is inspected again of the sites whose closure these documents announce, as their notices say.
-- $1 campaign, $2 document keys
select site_id, (data -> 'look_backs')::text as look_backs
from notice
where campaign_id = $1 and document_key = any ($2::text[]) and kind = 'closure' and data -> 'look_backs' is not null
order by site_id, at
