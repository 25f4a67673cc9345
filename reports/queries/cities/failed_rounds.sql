-- Counts failed verifications by city.
-- $1 campaign
select site.city, count(*) as rounds
from ledger
join site on site.campaign_id = ledger.campaign_id and site.site_id = split_part(ledger.stream, '/', 3)
where ledger.campaign_id = $1 and ledger.kind = 'level_failed'
group by site.city
