-- The open sites of the city $2 that wait on a rung whose document is decided: their desk told them once, and they did
-- not hear it (it was lost, or they ran nowhere then).
select s.site_id, s.round, coalesce((n.data ->> 'proposal')::integer, 1) as proposal, s.rung, d.key as document,
    d.state not in ('rejected', 'withdrawn') and s.site_id = any (d.sites) as issued, d.issued_at,
    d.progress ->> 'decision_reason' as reason
from site s
join notice n on n.campaign_id = s.campaign_id and n.site_id = s.site_id and n.rung = s.rung
    and (n.data ->> 'round')::integer = s.round
join document d on d.key = n.document_key and d.kind = n.kind
where s.campaign_id = $1 and s.city = $2 and s.rung_waits and s.stage in ('rectifying', 'verifying')
    and d.issued_at < $3 and d.state <> 'drafted' and d.progress ->> 'approver' is not null
order by s.site_id, n.at
