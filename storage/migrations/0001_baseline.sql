-- The schema, by subject: campaigns and sites, the ledger, documents and deliveries, spot checks, programmes, rights.
--
-- Times are campaign time and come from the caller, unless a comment says otherwise. A state row carries the seq of the
-- ledger entry that it follows from (0: none yet); an older entry never overwrites it. `json` (not `jsonb`) keeps texts
-- byte for byte. Identifiers are sorted by code point (collate "C"), as Python sorts them.


-- Campaigns, amendments ----------------------------------------------------------------------------------------------

create table campaign (
    campaign_id text collate "C" primary key,
    document_number text not null unique,
    title text not null,
    plan json not null,
    digest text not null,
    register_digest text not null,
    clock json not null,
    started boolean not null default false,
    seq bigint not null default 0,
    state text not null default 'issuing'
        constraint campaign_state check (state in ('issuing', 'running', 'closing', 'closed', 'stopped')),
    issued_at timestamptz,
    closed_at timestamptz
);
comment on column campaign.plan is 'the frozen plan, byte for byte as it was started';
comment on column campaign.started is 'its workflow was started; a start that failed half-way is completed by a second start';

-- campaign.plan keeps the first plan. The plan in force is that of the newest amendment for which the campaign's ledger
-- has an entry `plan_amended`.
create table amendment (
    campaign_id text collate "C" not null references campaign,
    amendment integer not null constraint amendment_order check (amendment >= 1),
    document_number text not null,
    title text not null,
    digest text not null,
    content json not null,
    plan json not null,
    removed text[] not null default '{}',
    written_at timestamptz not null,
    primary key (campaign_id, amendment),
    unique (campaign_id, document_number)
);
comment on table amendment is 'written once and never changed: an amendment is corrected by another one';
comment on column amendment.digest is 'SHA-256 of the content: the same number with another content is refused';
comment on column amendment.plan is 'the frozen plan with this amendment and all that came into force before it';
comment on column amendment.removed is 'codes of the cities that it takes out';


-- Cities, sites, register --------------------------------------------------------------------------------------------

create table city (
    campaign_id text collate "C" not null references campaign,
    code text collate "C" not null,
    position integer not null,
    name text not null,
    seq bigint not null default 0,
    deployment text not null default 'not_issued',
    deployment_due timestamptz,
    submitted_at timestamptz,
    receipt_signed_at timestamptz,
    opened boolean not null default false,
    settled boolean not null default false,
    facts json,
    primary key (campaign_id, code)
);
comment on column city.position is 'its place in the plan, which is the order people know';
comment on column city.facts is 'what its options keep (schemas.facts.CityFacts); null where they keep nothing';

-- The register row (immutable) and the current state share a row; free space in each page keeps updates in place.
create table site (
    campaign_id text collate "C" not null,
    site_id text collate "C" not null,
    city text collate "C" not null,
    county text not null,
    name text not null,
    record json not null,
    -- Generated from the register row, so that they can not contradict it.
    area_ha numeric generated always as ((record ->> 'area_ha')::numeric) stored,
    survey text collate "C" generated always as (record ->> 'survey') stored,
    seq bigint not null default 0,
    stage text not null default 'registered'
        constraint site_stage check (stage in ('registered', 'rectifying', 'verifying', 'closed', 'carried_over')),
    round integer not null default 0,
    level text,
    rung integer not null default 0,
    rung_waits boolean not null default false,
    suspended boolean not null default false,
    due_at timestamptz,
    opened_at timestamptz,
    settled_at timestamptz,
    requirements integer not null default 0,
    requirements_done integer not null default 0,
    extensions integer not null default 0,
    suspensions integer not null default 0,
    facts json,
    primary key (campaign_id, site_id),
    foreign key (campaign_id, city) references city
) with (fillfactor = 80);
comment on column site.record is 'the register row (schemas.register.Site)';
comment on column site.survey is 'the survey that added it; null for the first register';
comment on column site.rung_waits is 'the document of its rung waits for an approval';
comment on column site.facts is 'what its options keep (schemas.facts.SiteFacts); null where they keep nothing';

create index site_of_city on site (campaign_id, city, site_id);
create index site_open on site (campaign_id, city, site_id) where stage in ('registered', 'rectifying', 'verifying');
create index site_due on site (campaign_id, due_at)
    where stage in ('registered', 'rectifying', 'verifying') and not suspended;
create index site_by_bare_id on site (site_id);
create index site_of_survey on site (campaign_id, survey, site_id) where survey is not null;

create table rejected_row (
    campaign_id text collate "C" not null references campaign,
    "row" integer not null,
    faults text[] not null,
    raw json not null,
    primary key (campaign_id, "row")
);
comment on table rejected_row is 'rows of the register that --skip-bad left out';

create table survey (
    campaign_id text collate "C" not null references campaign,
    id text collate "C" not null,
    digest text not null,
    at timestamptz not null,
    actor text not null,
    cities json not null,
    primary key (campaign_id, id)
);
comment on table survey is 'surveys that added sites while the campaign ran';
comment on column survey.digest is 'that of its sites as a register';
comment on column survey.cities is 'city to the counts of what was found there (schemas.options.surveys.FoundCounts)';


-- Ledger -------------------------------------------------------------------------------------------------------------

-- `actor` and `data` are text, because the hash covers these bytes. There is no foreign key to campaign: record.sql
-- proves the campaign's rows in the same statement, and a key would lock one campaign row for every entry.
create table ledger (
    stream text collate "C" not null,
    seq bigint not null check (seq >= 1),
    kind text not null,
    at timestamptz not null,
    received_at timestamptz not null,
    actor text not null,
    data text not null,
    prev_hash text not null,
    hash text not null,
    campaign_id text collate "C" not null,
    txid xid8 not null default pg_current_xact_id(),
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (stream, seq)
);
comment on column ledger.stream is 'the workflow id of the subject';
comment on column ledger.txid is 'tells which entries an anchor''s snapshot saw';
comment on column ledger.recorded_at is 'real time, operational only: no rule and no hash reads it';

create index ledger_of_campaign on ledger (campaign_id, stream, seq);
create index ledger_refused on ledger (campaign_id, received_at) where kind = 'refused';
create index ledger_anchored on ledger (campaign_id, seq) where kind = 'anchored';
create index ledger_amended on ledger (campaign_id, stream) where kind in ('amended', 'plan_amended');

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % is refused', lower(tg_op)
        using errcode = 'insufficient_privilege', hint = 'correct a wrong entry by recording a new one';
end
$$;

-- It binds the owner and superusers too; the application role does not even have the right to try.
create trigger ledger_append_only before update or delete or truncate on ledger
    for each statement execute function ledger_is_append_only();

-- Called by record.sql when a batch cannot be recorded; raising undoes the whole statement.
create function refuse_batch(fault text, subject text, seq bigint) returns void language plpgsql as $$
begin
    raise exception '%', fault using errcode = 'HD001', detail = subject, hint = seq::text;
end
$$;


-- Notices, documents, deliveries -------------------------------------------------------------------------------------

create table notice (
    campaign_id text collate "C" not null,
    key text collate "C" not null,
    city text collate "C",
    site_id text collate "C",
    kind text not null,
    rung integer not null,
    at timestamptz not null,
    data json not null,
    document_key text collate "C",
    primary key (campaign_id, key)
);
comment on table notice is 'what a city is to be notified of; its next dispatch gathers it into a document';
comment on column notice.document_key is 'the document that answers it; null until a dispatch gathers it';

create index notice_waiting on notice (campaign_id, city, at) where document_key is null;
create index notice_gathered on notice (document_key) where document_key is not null;

create table document (
    key text collate "C" primary key,
    campaign_id text collate "C" not null references campaign,
    city text collate "C" not null,
    kind text not null,
    rung integer not null,
    number text,
    issued_at timestamptz not null,
    sites text[] not null,
    data json not null,
    subject text not null,
    text text not null,
    html text not null,
    letter json,
    addressee text not null,
    recipients json not null,
    seq bigint not null default 0,
    state text not null default 'issued'
        constraint document_state check (state in (
            'drafted', 'rejected', 'withdrawn', 'issued', 'sent', 'receipted', 'replied', 'lifted', 'failed'
        )),
    sent_at timestamptz,
    progress json not null default '{}'
);
comment on column document.letter is 'what its PDF is set from; null where it has none';
comment on column document.seq is 'the seq of its city''s ledger entry that the progress follows from';
comment on column document.progress is 'approval, receipts, replies and lifting (schemas.documents.document.Progress)';

create index document_of_campaign on document (campaign_id, issued_at, key);
create index document_waiting on document (campaign_id, issued_at, key) where state = 'issued';
create index document_numbered on document (campaign_id, number) where number is not null;

-- A sequence of Postgres leaves gaps when a transaction fails; a row that is locked until the commit leaves none.
create table number_series (
    series text collate "C" not null,
    year integer not null,
    last integer not null,
    primary key (series, year)
);

create table document_number (
    key text collate "C" primary key,
    series text collate "C" not null,
    year integer not null,
    n integer not null,
    campaign_id text collate "C" not null,
    unique (series, year, n)
);
comment on table document_number is 'which document has which number: given once, before the document is issued';

create table delivery (
    document_key text collate "C" not null references document,
    channel text collate "C" not null,
    recipients json not null,
    state text not null default 'waiting'
        constraint delivery_state check (state in ('waiting', 'sent', 'failed')),
    attempts integer not null default 0,
    result text,
    changed_at timestamptz,
    primary key (document_key, channel)
);
comment on column delivery.result is 'of the last attempt: where the document went, or why it failed';

create index delivery_unsent on delivery (document_key, channel) where state <> 'sent';

create table rate_limit (
    channel text collate "C" primary key,
    turn_at timestamptz not null,
    asked_until timestamptz not null
);
comment on table rate_limit is 'how fast each channel may be used, over all processes; its times are real time';
comment on column rate_limit.turn_at is 'from then on the next document may go out';
comment on column rate_limit.asked_until is 'when the last document that had to wait was told to ask again';


-- Spot checks --------------------------------------------------------------------------------------------------------

-- What a sample was drawn from, so that the draw can be computed again. Rows are never changed; the progress of a check
-- is in its ledger stream, spot-check/CAMPAIGN/CHECK.
create table spot_check (
    campaign_id text collate "C" not null references campaign,
    check_id text collate "C" not null,
    city text collate "C",
    seed bigint not null,
    taken_at timestamptz not null,
    frame_hash text not null,
    frame_size integer not null,
    counties text[] not null,
    primary key (campaign_id, check_id)
);
comment on column spot_check.taken_at is 'the frame has what was struck off by then';
comment on column spot_check.frame_hash is 'SHA-256 over the lines of the frame; docs/spot-checks.md says how';
comment on column spot_check.counties is 'those of the whole register: an inspector of a site comes from another county';

create table spot_check_frame (
    campaign_id text collate "C" not null,
    check_id text collate "C" not null,
    site_id text collate "C" not null,
    city text collate "C" not null,
    county text not null,
    hazard text not null,
    round integer not null,
    level text not null,
    at timestamptz not null,
    participants text[] not null,
    primary key (campaign_id, check_id, site_id),
    foreign key (campaign_id, check_id) references spot_check
);
comment on column spot_check_frame.participants is 'ids of those who reported or verified there: they do not inspect it';


-- Programmes ---------------------------------------------------------------------------------------------------------

create table programme (
    programme_id text collate "C" primary key,
    document_number text not null unique,
    title text not null,
    frozen json not null,
    digest text not null,
    register_digest text not null,
    clock json not null
);
comment on column programme.frozen is 'with every year''s plan and calendar, byte for byte as it was started';

-- The stock, from which each year's campaign takes its share.
create table programme_site (
    programme_id text collate "C" not null references programme,
    site_id text collate "C" not null,
    record json not null,
    area_ha double precision not null,
    campaign_id text collate "C",
    carried_from text collate "C",
    found_in text collate "C",
    settled text constraint programme_site_settled check (settled in ('closed', 'carried_over')),
    primary key (programme_id, site_id)
);
comment on column programme_site.campaign_id is 'the campaign that has it, or had it last; null until one takes it';
comment on column programme_site.carried_from is 'the campaign that left it unfinished, where it went into a later one';
comment on column programme_site.found_in is 'the campaign whose survey found it; null for the stock of the start';
comment on column programme_site.settled is 'how that campaign left it; null while it runs';


-- Rights -------------------------------------------------------------------------------------------------------------

-- The application deletes nothing. What is written once it may not update either.
grant select, insert, update on
    campaign, city, site, notice, document, number_series, document_number, delivery, rate_limit,
    programme, programme_site
to hundred_days_app;
grant select, insert on
    amendment, rejected_row, survey, ledger, spot_check, spot_check_frame
to hundred_days_app;
revoke all on ledger from public;
