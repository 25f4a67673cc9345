"""Money and land of a site: bookings add up, are corrected by negative ones, and their sum is never below zero."""

from decimal import Decimal

from rules.site.state import SiteState
from rules.site.work import modes_in_force
from schemas.errors import Refused
from schemas.modes import Measure, in_ha
from schemas.options.modes import Book, Booked, account, counted
from schemas.site.terms import SiteTerms


def decide_booking(terms: SiteTerms, state: SiteState, command: Book) -> Booked:
    """A booking; raises Refused where the plan has no modes, no funding mode is known, or the sum would go below 0."""
    known = terms.modes
    if known is None:
        raise Refused("book is not known in this campaign: its plan has no modes (`modes`)")
    mode = command.funding_mode or modes_in_force(terms, state).funding
    if mode is None:
        raise Refused("the site has no funding mode yet; name the one that this booking counts under")
    payers = {one for pays in known.allowed.values() for one in pays}
    if known.allowed and all(known.allowed.values()) and mode not in payers:
        raise Refused(f"{mode} is no funding mode of this plan; it has: {', '.join(sorted(payers))}")
    before = realised(state, mode, command.unit)
    if before + counted(command.amount, command.unit) < 0:
        raise Refused(
            f"{command.amount} {command.unit} would bring what {mode} has realised below 0; "
            f"{_in_words(before, command.unit)} is booked"
        )
    return Booked(
        amount=command.amount,
        unit=command.unit,
        reference=command.reference,
        funding_mode=mode,
        note=command.note,
    )


def realised(state: SiteState, funding_mode: str, measure: Measure) -> Decimal:
    """What a funding mode has realised at the site, in yuan or mu."""
    return Decimal() if state.modes is None else state.modes.realised.get(account(funding_mode, measure), Decimal())


def _in_words(total: Decimal, measure: Measure) -> str:
    match measure:
        case Measure.CNY:
            return f"{total} cny"
        case Measure.HA:
            return f"{in_ha(total)} ha"
        case Measure.MU:
            return f"{total} mu"
