-- Copies how a campaign that is over left its sites into the stock, and adds the sites that its surveys found. A site
-- that a patrol opened again counts as closed: it was closed when the campaign ended, and the patrol handles it.
-- Each row has the county to which its site belonged at the end.
-- $1 programme, $2 campaign
insert into programme_site (programme_id, site_id, record, area_ha, campaign_id, found_in, settled)
select $1, site_id, (record::jsonb || jsonb_build_object('county', county))::json,
    coalesce((record ->> 'area_ha')::numeric, 0), campaign_id, campaign_id,
    case stage when 'carried_over' then stage else 'closed' end
from site
where campaign_id = $2
    and (stage in ('closed', 'carried_over') or coalesce((facts -> 'reopened')::text, '{}') <> '{}')
on conflict (programme_id, site_id) do update set
    settled = excluded.settled,
    record = (programme_site.record::jsonb || jsonb_build_object('county', excluded.record -> 'county'))::json
where programme_site.campaign_id = excluded.campaign_id
