-- The two-way sweep: suspected patches from images, and clues of the police.

create table patch (
    campaign_id text collate "C" not null references campaign,
    id text collate "C" not null,
    batch text not null,
    source text not null,
    city text collate "C" not null,
    county text not null,
    place text not null,
    area_ha double precision,
    note text,
    clue boolean not null default false,
    at timestamptz not null,
    actor text not null,
    primary key (campaign_id, id)
);
comment on table patch is 'what was issued to be checked; the ledger of its city says how it was settled';
comment on column patch.source is 'the image, or the reference of the old case';
comment on column patch.at is 'campaign time';

grant select, insert on patch to hundred_days_app;
