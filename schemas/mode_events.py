"""What happened to a site's modes, and what was booked. Modes are texts here: a later release may know more of them."""

from decimal import Decimal
from typing import Literal

from schemas.base import Kept
from schemas.event import Event


class Pair(Kept):
    """A restoration mode and a funding mode; None while there is none."""

    restoration: str | None = None
    funding: str | None = None


class ModeProposed(Event):
    """A city or county proposes these modes; the ones before hold until the province has decided."""

    kind: Literal["mode_proposed"] = "mode_proposed"
    modes: Pair
    reason: str | None = None


class ModeWithdrawn(Event):
    """The proposal is taken back: the modes stay as they are."""

    kind: Literal["mode_withdrawn"] = "mode_withdrawn"
    modes: Pair
    reason: str | None = None


class ModeRefused(Event):
    """The province refused the proposal."""

    kind: Literal["mode_refused"] = "mode_refused"
    modes: Pair
    reason: str


class ModeSet(Event):
    """From now on these modes hold: the requirements `comes` are asked for, `falls_away` are not any more."""

    kind: Literal["mode_set"] = "mode_set"
    modes: Pair
    before: Pair
    comes: tuple[str, ...] = ()
    falls_away: tuple[str, ...] = ()
    reason: str | None = None


class Booked(Event):
    """Money or land was realised under a funding mode; a negative amount corrects."""

    kind: Literal["booked"] = "booked"
    amount: Decimal
    unit: str
    reference: str
    funding_mode: str
    note: str | None = None


MODE_EVENTS: tuple[type[Event], ...] = (ModeProposed, ModeWithdrawn, ModeRefused, ModeSet, Booked)
