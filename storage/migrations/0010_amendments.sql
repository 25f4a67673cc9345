-- Amendments of running plans, in their order. The first plan stays where it is (campaign.plan); the plan in force is
-- that of the newest amendment of which the campaign's ledger says that it was heard.

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
comment on table amendment is 'what was written once and is never changed: an amendment is set right by another one';
comment on column amendment.digest is 'SHA-256 of the content: the same number with another content is refused';
comment on column amendment.plan is 'the frozen plan with this amendment and all before it that were heard';
comment on column amendment.written_at is 'campaign time';

-- Who has heard of which amendment.
create index ledger_amended on ledger (campaign_id, stream) where kind in ('amended', 'plan_amended');

grant select, insert on amendment to hundred_days_app;
