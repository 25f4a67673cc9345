-- A page of a city's sites whose workflow must run: those that are not settled, and closed ones whose case is not over.
select record, stage from site
where campaign_id = $1 and city = $2 and site_id > $3 and (
    stage in ('registered', 'rectifying', 'verifying')
    or (stage = 'closed' and facts -> 'case' ->> 'waits_for' is not null)
)
order by site_id
limit $4
