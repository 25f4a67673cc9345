"""What happened to a programme: the data of its ledger's entries."""

from typing import Literal

from schemas.event import CommandRefused, Event
from schemas.programme import Amount


class ProgrammeBegan(Event):
    """The programme was started with this content; `years` are its campaigns' ids."""

    kind: Literal["programme_began"] = "programme_began"
    digest: str
    years: tuple[str, ...]


class YearStarted(Event):
    """The campaign of a year was started with what was chosen from the stock; `target` is of all years so far."""

    kind: Literal["year_started"] = "year_started"
    year: int
    campaign: str
    stock: Amount
    target: float
    chosen: Amount
    carried_over: Amount


class YearClosed(Event):
    """The campaign of a year is over; `treated` is of all years so far, `share` of the whole stock that is."""

    kind: Literal["year_closed"] = "year_closed"
    year: int
    campaign: str
    closed: Amount
    carried_over: Amount
    found: Amount
    treated: Amount
    share: float
    met: bool
    """Whether the year's target was reached."""


class ProgrammeStopped(Event):
    """No further year begins; the campaign that runs goes on to its own end."""

    kind: Literal["programme_stopped"] = "programme_stopped"
    reason: str


class ProgrammeEnded(Event):
    """The last year is over: what was treated, and what is left of the stock."""

    kind: Literal["programme_ended"] = "programme_ended"
    treated: Amount
    left: Amount
    in_time: bool
    """Whether nothing was left, and by the programme's end date."""


PROGRAMME_EVENTS: tuple[type[Event], ...] = (
    ProgrammeBegan,
    YearStarted,
    YearClosed,
    ProgrammeStopped,
    ProgrammeEnded,
    CommandRefused,
)
