-- A campaign, its cities and its register. Times are campaign time and come from the caller; nothing here reads a clock.
-- Each state row carries the seq of the ledger entry it follows from (0: none yet), which guards it against older writes.

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
comment on column campaign.started is 'its workflow was started; a start that died half-way is completed by starting again';

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
    primary key (campaign_id, code)
);
comment on column city.position is 'its place in the plan, which is the order people know';

-- The register row (immutable) and the current state share a row; free space in each page keeps updates in place.
create table site (
    campaign_id text collate "C" not null,
    site_id text collate "C" not null,
    city text collate "C" not null,
    county text not null,
    name text not null,
    record json not null,
    seq bigint not null default 0,
    stage text not null default 'registered'
        constraint site_stage check (stage in ('registered', 'rectifying', 'verifying', 'closed', 'carried_over')),
    round integer not null default 0,
    level text,
    rung integer not null default 0,
    suspended boolean not null default false,
    due_at timestamptz,
    opened_at timestamptz,
    settled_at timestamptz,
    requirements integer not null default 0,
    requirements_done integer not null default 0,
    extensions integer not null default 0,
    suspensions integer not null default 0,
    primary key (campaign_id, site_id),
    foreign key (campaign_id, city) references city
) with (fillfactor = 80);

create index site_of_city on site (campaign_id, city, site_id);
create index site_open on site (campaign_id, city, site_id) where stage in ('registered', 'rectifying', 'verifying');
create index site_due on site (campaign_id, due_at)
    where stage in ('registered', 'rectifying', 'verifying') and not suspended;
create index site_by_bare_id on site (site_id);

create table rejected_row (
    campaign_id text collate "C" not null references campaign,
    "row" integer not null,
    faults text[] not null,
    raw json not null,
    primary key (campaign_id, "row")
);
comment on table rejected_row is 'rows of the register that --skip-bad left out: nothing is lost silently';

grant select, insert, update on campaign, city, site to hundred_days_app;
grant select, insert on rejected_row to hundred_days_app;
