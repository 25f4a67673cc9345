-- The data of the briefings that a campaign's ledger has frozen, oldest first.
-- $1 campaign
select data from ledger where stream = 'campaign/' || $1 and kind = 'briefing_frozen' order by seq
