-- Open sites of a city that wait on a rung whose document is decided and dated before an instant: they missed the
-- update. Of several proposals only the newest counts.
-- $1 campaign, $2 city, $3 dated before
select w.site_id, w.round, w.proposal, w.rung, d.key as document,
    d.state not in ('rejected', 'withdrawn') and w.site_id = any (d.sites) as issued, d.issued_at,
    d.progress ->> 'decision_reason' as reason
from (
    select distinct on (s.site_id) s.site_id, s.round, s.rung, n.kind, n.document_key,
        coalesce((n.data ->> 'proposal')::integer, 1) as proposal
    from site s
    join notice n on n.campaign_id = s.campaign_id and n.site_id = s.site_id and n.rung = s.rung
        and (n.data ->> 'round')::integer = s.round
    where s.campaign_id = $1 and s.city = $2 and s.rung_waits and s.stage in ('rectifying', 'verifying')
    order by s.site_id, n.at desc, n.key desc
) as w
join document d on d.key = w.document_key and d.kind = w.kind
where d.issued_at < $3 and d.state <> 'drafted' and d.progress ->> 'approver' is not null
order by w.site_id
