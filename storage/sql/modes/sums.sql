-- Money (yuan), land (mu) and minerals (tonnes) by city, axis (restoration or funding) and mode. What is planned is
-- read from the register and counts under the modes that hold at the site. What was booked counts under the site's
-- restoration mode, and under the funding mode of the booking. A site without a mode counts under ''.
-- $1 campaign, $2 city (null: all)
with moded as (
    select city,
        coalesce(facts ->> 'restoration_mode', record ->> 'restoration_mode', '') as restoration,
        coalesce(facts ->> 'funding_mode', record ->> 'funding_mode', '') as funding,
        (stage = 'closed')::integer as closed,
        coalesce((record ->> 'planned_cny')::numeric, 0) as cny,
        coalesce((record ->> 'planned_mu')::numeric, (record ->> 'planned_ha')::numeric * 15, 0) as mu,
        facts -> 'realised' as realised
    from site
    where campaign_id = $1 and ($2::text is null or city = $2)
), booked as (
    select city, restoration, split_part(account, ':', 1) as funding,
        case split_part(account, ':', 2) when 'cny' then amount::numeric else 0 end as cny,
        case split_part(account, ':', 2) when 'mu' then amount::numeric else 0 end as mu,
        case split_part(account, ':', 2) when 't' then amount::numeric else 0 end as t
    from moded, json_each_text(realised) as r (account, amount)
), part as (
    select city, 'restoration' as axis, restoration as mode, 1 as sites, closed, cny as planned_cny, mu as planned_mu,
        0::numeric as realised_cny, 0::numeric as realised_mu, 0::numeric as realised_t
    from moded
    union all
    select city, 'funding', funding, 1, closed, cny, mu, 0, 0, 0 from moded
    union all
    select city, 'restoration', restoration, 0, 0, 0, 0, cny, mu, t from booked
    union all
    select city, 'funding', funding, 0, 0, 0, 0, cny, mu, t from booked
)
select city, axis, mode, sum(sites) as sites, sum(closed) as closed, sum(planned_cny) as planned_cny,
    sum(planned_mu) as planned_mu, sum(realised_cny) as realised_cny, sum(realised_mu) as realised_mu,
    sum(realised_t) as realised_t
from part
group by city, axis, mode
order by city, axis, mode
