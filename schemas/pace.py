"""How fast a channel may be used: what is kept of it, and the answer to who asks for a turn. All times are real."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """`turn_at`: from then on the next document may go out; `asked_until`: when the last one was told to come again."""

    turn_at: datetime
    asked_until: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """`granted`: go ahead after `wait`. Otherwise: come again after `wait`."""

    granted: bool
    wait: timedelta
