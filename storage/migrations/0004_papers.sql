-- Documents with a number, an approval, receipts, replies and a lifting; and their way through each channel.

alter table document
    add column number text,
    add column letter json,
    add column progress json not null default '{}',
    add column seq bigint not null default 0,
    drop constraint document_state,
    add constraint document_state check (state in (
        'drafted', 'rejected', 'withdrawn', 'issued', 'sent', 'receipted', 'replied', 'lifted', 'failed'
    ));
comment on column document.progress is 'what became of it, as its desk has it (schemas.documents.Progress)';
comment on column document.seq is 'the seq of its desk''s ledger entry that the progress follows from';

alter table site add column rung_waits boolean not null default false;
comment on column site.rung_waits is 'it stands on a rung whose document waits for an approval';

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
    said text,
    changed_at timestamptz,
    primary key (document_key, channel)
);
comment on column delivery.said is 'what the channel said: where it went, or why it did not';
comment on column delivery.changed_at is 'campaign time';

create index delivery_unsent on delivery (document_key, channel) where state <> 'sent';

grant select, insert, update on number_series, document_number, delivery to hundred_days_app;
