-- Counts the police cases of a campaign's sites by state.
-- $1 campaign
select facts -> 'case' ->> 'state' as state, count(*) as cases
from site
where campaign_id = $1 and facts -> 'case' is not null
group by 1
order by 1
