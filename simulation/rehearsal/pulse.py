"""What a running rehearsal says about itself, a few times a second."""

from dataclasses import dataclass
from datetime import datetime

from schemas.status import CampaignStatus


@dataclass(slots=True)
class Tally:
    """The senders' counts. Lags are campaign hours between the planned sending and the real one.

    A stepped clock waits, so that there are none.
    """

    sent: int = 0
    taken: int = 0
    refused: int = 0
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
    """How much longer a stepped clock took than its days are long, because it waited for the engine."""


LATE_HOURS = 2.4
"""A tenth of a day: what compressed timers are late by anyway."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One tick of a rehearsal; `status` is None until the campaign is written."""

    now: datetime
    tally: Tally
    status: CampaignStatus | None
    ended: bool = False
    """Whether the campaign has closed."""
