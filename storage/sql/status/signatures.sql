-- The signatures of departments that sites ask for, and those that were given, by city.
-- $1 campaign
select city, count(*)::integer as asked, count(value)::integer as given
from site, json_each_text(site.facts -> 'signatures') as signature (department, value)
where campaign_id = $1 and facts -> 'signatures' is not null
group by city
order by city
