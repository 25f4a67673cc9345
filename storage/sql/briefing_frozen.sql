-- The briefings that a campaign's ledger has frozen, oldest first.
select data from ledger where stream = 'campaign/' || $1 and kind = 'briefing_frozen' order by seq
