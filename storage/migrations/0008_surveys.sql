-- Surveys add sites while a campaign runs; areas are summed by county.

-- Both follow from the register row, which is immutable: nothing can be written beside it.
alter table site
    add column area_ha numeric generated always as ((record ->> 'area_ha')::numeric) stored,
    add column survey text collate "C" generated always as (record ->> 'survey') stored;
comment on column site.survey is 'the survey that added it; null for the first register';

create table survey (
    campaign_id text collate "C" not null references campaign,
    id text collate "C" not null,
    digest text not null,
    at timestamptz not null,
    actor text not null,
    cities json not null,
    primary key (campaign_id, id)
);
comment on column survey.digest is 'that of its sites as a register';
comment on column survey.at is 'campaign time';
comment on column survey.cities is 'city to the counts of what was found there (schemas.survey.FoundCounts)';

create index site_of_survey on site (campaign_id, survey, site_id) where survey is not null;

grant select, insert on survey to hundred_days_app;
