-- Who is responsible for each site and its requirements, for lists of what is mine; an area that was corrected counts.
alter table site add column responsible_units text[] not null default '{}';
alter table site add column responsible_people text[] not null default '{}';
comment on column site.responsible_units is 'the site''s responsible unit first, then those of its requirements';
comment on column site.responsible_people is 'the persons of these units, by opaque ids';

update site set
    responsible_units = array[coalesce(record #>> '{responsible,0}', county)],
    responsible_people = array_remove(array[record ->> 'responsible_person'], null);

create index site_of_unit on site using gin (responsible_units);
create index site_of_person on site using gin (responsible_people);

-- Generated anew from the register row and its correction, so that targets and totals follow.
alter table site drop column area_ha;
alter table site add column area_ha numeric generated always as (
    coalesce((facts #>> '{corrections,area_ha}')::numeric, (record ->> 'area_ha')::numeric)
) stored;
