-- The units that reported work at a sampled site: an inspector is of another unit.
alter table spot_check_frame add column workers text[] not null default '{}';
comment on column spot_check_frame.workers is 'units that reported work there: none of them inspects it';
