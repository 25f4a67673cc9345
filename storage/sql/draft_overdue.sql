-- The sites of drafts ($1 keys) that are overdue with their work at $2 and still stand on the rung of the draft: one
-- that was extended, or begun anew, fell back and is proposed again when its time comes.
select d.key, coalesce(array_agg(s.site_id order by s.site_id) filter (where s.site_id is not null), '{}') as sites
from document d
left join site s on s.campaign_id = d.campaign_id and s.site_id = any (d.sites)
    and s.stage = 'rectifying' and not s.suspended and s.due_at < $2 and s.rung = d.rung
where d.key = any ($1::text[])
group by d.key
