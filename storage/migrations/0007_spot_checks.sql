-- Spot checks: the frame that a sample was drawn from, as it was taken, so that the draw can be worked out again.
-- Nothing here is ever changed; what became of a check is in its ledger stream, spot-check/CAMPAIGN/CHECK.

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
comment on column spot_check.taken_at is 'campaign time: the frame has what was struck off by then';
comment on column spot_check.frame_hash is 'SHA-256 over the lines of the frame; docs/spot-checks.md says how';
comment on column spot_check.counties is 'those of the whole register: who may inspect is of another one';

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
    hands text[] not null,
    primary key (campaign_id, check_id, site_id),
    foreign key (campaign_id, check_id) references spot_check
);
comment on column spot_check_frame.hands is 'ids of those who reported or judged there: they do not inspect it';

grant select, insert on spot_check, spot_check_frame to hundred_days_app;
