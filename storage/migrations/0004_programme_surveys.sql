-- Surveys of a programme's stock; documents of a programme, which belong to no campaign.

create table programme_survey (
    programme_id text collate "C" not null references programme,
    campaign_id text collate "C" not null,
    city text collate "C" not null,
    digest text not null,
    sites json not null,
    at timestamptz not null,
    actor text not null,
    taken json,
    primary key (programme_id, campaign_id, city, digest)
);
comment on table programme_survey is 'what a city handed in as its survey of a year; the programme''s ledger says which counts';
comment on column programme_survey.campaign_id is 'the campaign of the year';
comment on column programme_survey.taken is 'what it changed in the stock (amounts); null until it is taken into it';

grant select, insert, update on programme_survey to hundred_days_app;

comment on column programme_site.found_in is
    'the campaign whose survey found it, or survey/CAMPAIGN for the stock survey of a year; null for the stock of the start';

-- A document's campaign_id may be a programme's id: the two have no id in common.
alter table document drop constraint document_campaign_id_fkey;
