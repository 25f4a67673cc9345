-- How fast each channel may be used, over all processes: one row a channel, locked for the moment of asking.

create table pacing (
    channel text collate "C" primary key,
    turn_at timestamptz not null,
    asked_until timestamptz not null
);
comment on table pacing is 'real time: mail servers and robots know no campaign';
comment on column pacing.turn_at is 'from then on the next document may go out';
comment on column pacing.asked_until is 'when the last one that had to wait was told to come again';

grant select, insert, update on pacing to hundred_days_app;
