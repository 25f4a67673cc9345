-- What was booked of money and land, site by site in the order of the ledger.
-- $1 campaign
select site.site_id, site.name, city.name as city_name, ledger.at, ledger.actor, ledger.data
from ledger
join site on site.campaign_id = ledger.campaign_id and site.site_id = split_part(ledger.stream, '/', 3)
join city on city.campaign_id = site.campaign_id and city.code = site.city
where ledger.campaign_id = $1 and ledger.kind = 'booked'
order by city.position, ledger.stream, ledger.seq
