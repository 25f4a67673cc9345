"""Counts and status of a running rehearsal, a few times a second."""

from dataclasses import dataclass
from datetime import datetime

from schemas.status import CampaignStatus


@dataclass(slots=True)
class Tally:
    """Counts of the sender. A lag is the delay of a command after its planned time, in campaign hours.

    On a stepped clock all lags are 0.
    """

    sent: int = 0
    taken: int = 0
    turned_down: int = 0
    """Answered with a refusal at once: it changed nothing and is not in the ledger (`CampaignStatus.refused` is)."""
    gone: int = 0
    """Sent to a subject that was settled already."""
    late: int = 0
    """Sent more than `LATE_HOURS` after their time."""
    waiting: int = 0
    """Due but not sent, or sent but not answered."""
    lag_hours: float = 0.0
    """Of the latest command sent."""
    worst_lag_hours: float = 0.0
    waited_seconds: float = 0.0
    """Time for which a stepped clock waited for the engine."""


LATE_HOURS = 2.4
"""A tenth of a day: timers on a compressed clock are that late anyway."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One tick of a rehearsal; `status` is None until the campaign is in Postgres."""

    now: datetime
    tally: Tally
    status: CampaignStatus | None
    ended: bool = False
    """Whether it is the last one: the campaign has closed, or the rehearsal was stopped."""
