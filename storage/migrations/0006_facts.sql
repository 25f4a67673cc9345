-- What a site or a city is, beyond where it stands (schemas.facts); null where there is nothing to say.

alter table site add column facts json;
alter table city add column facts json;
