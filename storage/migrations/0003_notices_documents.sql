-- Notices wait for their city's dispatch; a document lists the sites of those it answers.

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
comment on column notice.document_key is 'the document that answers it; null until a dispatch gathers it';

create index notice_waiting on notice (campaign_id, city, at) where document_key is null;
create index notice_gathered on notice (document_key) where document_key is not null;

create table document (
    key text collate "C" primary key,
    campaign_id text collate "C" not null references campaign,
    city text collate "C" not null,
    kind text not null,
    rung integer not null,
    issued_at timestamptz not null,
    sites text[] not null,
    data json not null,
    subject text not null,
    text text not null,
    html text not null,
    addressee text not null,
    recipients json not null,
    state text not null default 'issued'
        constraint document_state check (state in ('issued', 'sent', 'receipted', 'replied', 'lifted', 'failed')),
    sent_at timestamptz
);

create index document_of_campaign on document (campaign_id, issued_at, key);
create index document_waiting on document (campaign_id, issued_at, key) where state = 'issued';

grant select, insert, update on notice, document to hundred_days_app;
