-- A programme as it was started.
select frozen from programme where programme_id = $1
