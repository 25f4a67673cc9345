-- Records several record batches in one statement: ledger entries, state rows, notices, documents. It can be repeated.
-- An entry that is there already must have the same hash, an entry must follow the one before it, and every state row
-- must have its register row; otherwise refuse_batch raises and the whole statement is rolled back.
-- $1..$10 entries, $11..$30 sites, $31..$40 cities, $41..$46 campaigns, $47..$54 notices, $55..$71 documents,
-- $72..$74 deliveries, $75..$79 progress of documents
with entry as (
    select * from unnest(
        $1::text[], $2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[],
        $6::text[], $7::text[], $8::text[], $9::text[], $10::text[]
    ) as e (stream, seq, kind, at, received_at, actor, data, prev_hash, hash, campaign_id)
), written as (
    insert into ledger (stream, seq, kind, at, received_at, actor, data, prev_hash, hash, campaign_id)
    select stream, seq, kind, at, received_at, actor, data, prev_hash, hash, campaign_id from entry
    on conflict (stream, seq) do nothing
    returning stream, seq
), site_row as (
    select * from unnest(
        $11::text[], $12::text[], $13::bigint[], $14::text[], $15::integer[], $16::text[], $17::integer[],
        $18::boolean[], $19::timestamptz[], $20::timestamptz[], $21::timestamptz[],
        $22::integer[], $23::integer[], $24::integer[], $25::integer[], $26::boolean[], $27::json[], $28::text[],
        $29::json[], $30::json[]
    ) as s (campaign_id, site_id, seq, stage, round, level, rung, suspended, due_at, opened_at, settled_at,
            requirements, requirements_done, extensions, suspensions, rung_waits, facts, county,
            responsible_units, responsible_people)
), site_written as (
    update site set
        seq = s.seq, stage = s.stage, round = s.round, level = s.level, rung = s.rung, suspended = s.suspended,
        due_at = s.due_at, opened_at = s.opened_at, settled_at = s.settled_at, requirements = s.requirements,
        requirements_done = s.requirements_done, extensions = s.extensions, suspensions = s.suspensions,
        rung_waits = s.rung_waits, facts = s.facts, county = coalesce(s.county, site.county),
        responsible_units = array(select json_array_elements_text(s.responsible_units)),
        responsible_people = array(select json_array_elements_text(s.responsible_people))
    from site_row s
    where site.campaign_id = s.campaign_id and site.site_id = s.site_id and site.seq < s.seq
    returning site.campaign_id, site.site_id
), city_row as (
    select * from unnest(
        $31::text[], $32::text[], $33::bigint[], $34::text[], $35::timestamptz[], $36::timestamptz[],
        $37::timestamptz[], $38::boolean[], $39::boolean[], $40::json[]
    ) as c (campaign_id, code, seq, deployment, deployment_due, submitted_at, receipt_signed_at, opened, settled,
            facts)
), city_written as (
    update city set
        seq = c.seq, deployment = c.deployment, deployment_due = c.deployment_due, submitted_at = c.submitted_at,
        receipt_signed_at = c.receipt_signed_at, opened = c.opened, settled = c.settled, facts = c.facts
    from city_row c
    where city.campaign_id = c.campaign_id and city.code = c.code and city.seq < c.seq
    returning city.campaign_id, city.code
), campaign_row as (
    select * from unnest($41::text[], $42::bigint[], $43::text[], $44::timestamptz[], $45::timestamptz[],
        $46::json[])
        as p (campaign_id, seq, state, issued_at, closed_at, signing)
), campaign_written as (
    update campaign set seq = p.seq, state = p.state, issued_at = p.issued_at, closed_at = p.closed_at,
        signing = p.signing
    from campaign_row p
    where campaign.campaign_id = p.campaign_id and campaign.seq < p.seq
    returning campaign.campaign_id
), notice_written as (
    insert into notice (campaign_id, key, city, site_id, kind, rung, at, data)
    select * from unnest(
        $47::text[], $48::text[], $49::text[], $50::text[], $51::text[], $52::integer[], $53::timestamptz[],
        $54::json[]
    )
    on conflict (campaign_id, key) do nothing
), document_written as (
    -- Arrays of arrays cannot be ragged, so `sites` travels as JSON.
    -- A document that is there already is kept, unless it is a draft: its issue replaces the draft.
    insert into document (key, campaign_id, city, kind, rung, issued_at, sites, data, subject, text, html, addressee,
        recipients, number, state, progress, letter)
    select d.key, d.campaign_id, d.city, d.kind, d.rung, d.issued_at,
        array(select json_array_elements_text(d.sites)), d.data, d.subject, d.text, d.html, d.addressee, d.recipients,
        d.number, d.state, d.progress, d.letter
    from unnest(
        $55::text[], $56::text[], $57::text[], $58::text[], $59::integer[], $60::timestamptz[], $61::json[],
        $62::json[], $63::text[], $64::text[], $65::text[], $66::text[], $67::json[], $68::text[], $69::text[],
        $70::json[], $71::json[]
    ) as d (key, campaign_id, city, kind, rung, issued_at, sites, data, subject, text, html, addressee, recipients,
        number, state, progress, letter)
    on conflict (key) do update set
        issued_at = excluded.issued_at, sites = excluded.sites, data = excluded.data, subject = excluded.subject,
        text = excluded.text, html = excluded.html, addressee = excluded.addressee, recipients = excluded.recipients,
        number = excluded.number, state = excluded.state, progress = excluded.progress, letter = excluded.letter
    where document.state = 'drafted' and excluded.state = 'issued'
    returning key, campaign_id, city, kind, rung, issued_at, sites
), delivery_written as (
    insert into delivery (document_key, channel, recipients)
    select * from unnest($72::text[], $73::text[], $74::json[])
    on conflict (document_key, channel) do nothing
), document_progressed as (
    -- A document that this statement inserts is not visible here: its progress comes with a later batch.
    update document set
        seq = r.seq,
        -- The city does not know the deliveries: what was sent stays sent until a unit has signed.
        state = case when r.state = 'issued' then document.state else r.state end,
        progress = r.progress
    from unnest($75::text[], $76::bigint[], $77::text[], $78::text[], $79::json[])
        as r (key, seq, state, number, progress)
    where document.key = r.key and document.seq < r.seq
), notice_answered as (
    -- A dispatch has set the document's key on what it gathered; this is for notices that no dispatch gathered.
    update notice set document_key = d.key
    from document_written d
    where notice.campaign_id = d.campaign_id and notice.city = d.city and notice.kind = d.kind
        and notice.rung = d.rung and notice.at <= d.issued_at and notice.site_id = any (d.sites)
        and notice.document_key is null
)
select refuse_batch('entry', e.stream, e.seq)
from entry e left join written w using (stream, seq)
where w.stream is null
    -- Another process may have committed the same entry after this statement's snapshot: then the caller retries.
    and not exists (select from ledger l where l.stream = e.stream and l.seq = e.seq and l.hash = e.hash)
union all
-- An entry follows the one before it, in the ledger or in this batch: a write cannot break a chain.
select refuse_batch('entry', e.stream, e.seq)
from entry e
where e.seq > 1
    and not exists (select from entry p where p.stream = e.stream and p.seq = e.seq - 1 and p.hash = e.prev_hash)
    and not exists (select from ledger l where l.stream = e.stream and l.seq = e.seq - 1 and l.hash = e.prev_hash)
union all
select refuse_batch('site', s.campaign_id || '/' || s.site_id, s.seq)
from site_row s left join site_written w using (campaign_id, site_id)
where w.site_id is null
    and not exists (select from site t where t.campaign_id = s.campaign_id and t.site_id = s.site_id)
union all
select refuse_batch('city', c.campaign_id || '/' || c.code, c.seq)
from city_row c left join city_written w using (campaign_id, code)
where w.code is null
    and not exists (select from city t where t.campaign_id = c.campaign_id and t.code = c.code)
union all
select refuse_batch('campaign', p.campaign_id, p.seq)
from campaign_row p left join campaign_written w using (campaign_id)
where w.campaign_id is null and not exists (select from campaign t where t.campaign_id = p.campaign_id)
