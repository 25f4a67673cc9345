-- Sites that left the campaign unfinished, in the order of the plan.
-- $1 campaign, $2 at most so many
select site.site_id, site.name, city.name as city, site.county, ledger.at, ledger.data::json ->> 'reason' as reason
from ledger
join site on site.campaign_id = ledger.campaign_id and site.site_id = split_part(ledger.stream, '/', 3)
join city on city.campaign_id = site.campaign_id and city.code = site.city
where ledger.campaign_id = $1 and ledger.kind = 'carried_over'
    and site.stage = 'carried_over' and site.settled_at = ledger.at
order by city.position, site.site_id
limit $2
