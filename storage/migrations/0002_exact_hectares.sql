-- Hectares of a programme's stock are summed exactly, as those of a campaign's sites are.
alter table programme_site alter column area_ha type numeric;
