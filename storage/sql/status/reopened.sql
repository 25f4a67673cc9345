-- Counts how often closed sites of a campaign were opened again, by cause.
-- $1 campaign
select cause, sum(times::integer)::integer as times
from site, json_each_text(site.facts -> 'reopened') as opened (cause, times)
where campaign_id = $1 and facts -> 'reopened' is not null
group by cause
order by cause
