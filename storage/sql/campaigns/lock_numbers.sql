-- Waits until no other transaction compares document numbers to write a campaign or programme; held until the commit.
select pg_advisory_xact_lock(hashtext('document numbers'))
