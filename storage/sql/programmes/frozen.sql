-- The programme, byte for byte as it was started.
-- $1 programme
select frozen from programme where programme_id = $1
