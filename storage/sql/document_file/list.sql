-- The documents of a campaign without their texts, in the order of issue and of their numbers, each with its
-- deliveries: the outbox, the mail, the others by name.
-- $1 campaign, $2 city (null: all), $3 unit that receives, signs or approves (null: all), $4 key (null: all),
-- $5 the outbox' channel, $6 the mail's channel
select d.key, d.city, d.kind, d.rung, d.number, d.issued_at, d.sites, d.subject, d.addressee, d.recipients, d.state,
    d.sent_at, d.progress, d.data ->> 'instrument' as instrument, d.data ->> 'key' as about,
    case when d.progress ->> 'lifting' is not null and d.progress ->> 'lifted_at' is null then (
        select count(*) from site s
        where s.campaign_id = d.campaign_id and s.site_id = any (d.sites) and s.stage <> 'closed'
    ) end as open_sites,
    -- The key that rules/city/dispatch.py makes: each document is lifted once.
    exists (select from document l where l.key = d.key || ':lifting') as lifting_announced,
    d.letter ->> 'template_fault' as template_fault,
    coalesce(
        (
            select json_agg(
                json_build_object(
                    'key', w.document_key, 'channel', w.channel, 'recipients', w.recipients, 'state', w.state,
                    'attempts', w.attempts, 'result', w.result, 'changed_at', w.changed_at
                )
                order by w.channel <> $5, w.channel <> $6, w.channel
            )
            from delivery w where w.document_key = d.key
        ),
        '[]'
    ) as deliveries
from document d
where d.campaign_id = $1
    and ($2::text is null or d.city = $2)
    and ($3::text is null or d.progress ->> 'approver' = $3
        or exists (select from json_array_elements(d.recipients) r where r ->> 'name' = $3)
        or exists (select from json_array_elements_text(d.progress -> 'units') u where u = $3)
        or exists (select from json_array_elements_text(d.progress -> 'joint' -> 'agencies') a where a = $3))
    and ($4::text is null or d.key = $4)
order by d.issued_at, length(d.number), d.number, d.key
