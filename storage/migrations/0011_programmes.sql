-- Programmes over years: a stock of sites from which each year's campaign takes its share.

create table programme (
    programme_id text collate "C" primary key,
    document_number text not null unique,
    title text not null,
    frozen json not null,
    digest text not null,
    register_digest text not null,
    clock json not null
);
comment on column programme.frozen is 'the programme with every year''s plan and calendar, byte for byte as it was started';

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
comment on column programme_site.campaign_id is 'the campaign that has it, or had it last; null while it waits for one';
comment on column programme_site.carried_from is 'the campaign that left it unfinished, where it went into a later one';
comment on column programme_site.found_in is 'the campaign whose survey found it; null for the stock of the start';
comment on column programme_site.settled is 'how that campaign left it; null while it runs';

grant select, insert, update on programme, programme_site to hundred_days_app;
