"""What a running rehearsal says about itself, a few times a second."""

from dataclasses import dataclass
from datetime import datetime

from schemas.status import CampaignStatus


@dataclass(slots=True)
class Tally:
    """The senders' counts. Lags are campaign hours between the planned sending and the real one."""

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


LATE_HOURS = 2.4
"""A tenth of a day: what compressed timers are late by anyway."""

TOO_SLOW_HOURS = 12.0
"""Half a day: from here on commands miss deadlines that they would have met, and the days must be longer."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One tick of a rehearsal; `status` is None until the campaign is written."""

    now: datetime
    tally: Tally
    status: CampaignStatus | None
    ended: bool = False
    """Whether the campaign has closed."""

    @property
    def too_slow(self) -> bool:
        """Whether the machine can not keep up with the chosen length of a day."""
        return self.tally.worst_lag_hours > TOO_SLOW_HOURS
