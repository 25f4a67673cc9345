-- Writes sites that a survey found or measured anew; one that is treated or in a campaign stays as it is.
-- $1 programme, $2 site ids, $3 records, $4 where they were found
insert into programme_site (programme_id, site_id, record, area_ha, found_in)
select $1, site_id, record::json, coalesce((record::jsonb ->> 'area_ha')::numeric, 0), $4
from unnest($2::text[], $3::text[]) as given (site_id, record)
on conflict (programme_id, site_id) do update set record = excluded.record, area_ha = excluded.area_ha
where programme_site.campaign_id is null or programme_site.settled = 'carried_over'
