-- A page of register rows and stages of the sites whose workflow must run, by site id: open ones, and closed ones whose
-- police case is not over.
-- $1 campaign, $2 city, $3 the last id of the page before ('' at first), $4 page size
select record, county, stage from site
where campaign_id = $1 and city = $2 and site_id > $3 and (
    stage in ('registered', 'rectifying', 'verifying')
    or (stage = 'closed' and facts -> 'case' ->> 'waits_for' is not null)
)
order by site_id
limit $4
