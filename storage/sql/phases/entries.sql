-- What a campaign's ledger says of its phases up to an instant, oldest first.
-- $1 campaign, $2 the instant
select kind, at, data
from ledger
where stream = 'campaign/' || $1 and at <= $2::timestamptz
    and kind in ('phase_began', 'phase_ended', 'gate_met', 'gate_unmet', 'gate_overdue')
order by seq
