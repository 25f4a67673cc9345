"""What a site remembers of its modes and of its bookings, and how their events are folded."""

from decimal import Decimal

from schemas.amounts import Measure, in_mu, plain
from schemas.base import Kept
from schemas.event import Event
from schemas.mode_events import Booked, ModeProposed, ModeRefused, ModeSet, ModeWithdrawn, Pair


class ModeState(Kept):
    """`modes` are those that were set; None while those of the register hold.

    `realised` has sums by `account`: money in yuan, land in mu.
    """

    modes: Pair | None = None
    proposed: Pair | None = None
    """What waits for the province."""
    switches: int = 0
    realised: dict[str, Decimal] = {}


def account(funding_mode: str, measure: str) -> str:
    """The name of a sum: `index_trading:cny`, or `index_trading:mu` for land in either unit."""
    return f"{funding_mode}:{measure if measure == Measure.CNY else Measure.MU}"


def counted(amount: Decimal, measure: str) -> Decimal:
    """An amount as its sum counts it: money as it is, land in mu."""
    return in_mu(amount, Measure(measure))


def fold(state: ModeState | None, event: Event) -> ModeState:
    """The state after one of its events; a state of its own, so that no other is changed with it."""
    s = (state or ModeState()).model_copy()
    match event:
        case ModeProposed():
            s.proposed = event.modes
        case ModeWithdrawn() | ModeRefused():
            s.proposed = None
        case ModeSet():
            s.modes, s.proposed = event.modes, None
            s.switches += event.before.restoration is not None or event.before.funding is not None
        case Booked():
            name = account(event.funding_mode, event.unit)
            total = plain(s.realised.get(name, Decimal()) + counted(event.amount, event.unit))
            s.realised = {**s.realised, name: total}
    return s
