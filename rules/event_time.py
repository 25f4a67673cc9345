"""Event times (docs/event-times.md): which are accepted, what a command answers, and what its sender is told."""

from datetime import datetime
from typing import NamedTuple

from rules.calendar import is_too_late, shown_instant
from schemas.calendar import Calendar, Clause
from schemas.errors import Refused


class EventTime(NamedTuple):
    """When a command happened, and when the engine heard of it.

    `at` is the time by which it is judged: its event time, or that of its arrival if the claim is not accepted. It is
    read when it arrives, except after an outage. A deadline that it sets for others counts from `heard_at`, when it was
    read, so that nobody is late before they could know.
    """

    at: datetime
    heard_at: datetime
    claimed_at: datetime | None = None
    """The claim, if it is not accepted."""
    because: str | None = None
    """Why it is not accepted: the end of a sentence about the claimed time."""

    @property
    def said_at(self) -> datetime:
        """When the sender says that it happened, accepted or not; what lies in the future happened by now."""
        return self.at if self.claimed_at is None else min(self.claimed_at, self.at)


class Question(NamedTuple):
    """What a command answers: nobody answers before `since`, when it was asked (None: it is not asked yet).

    `asked` says in words what happened then. An answer of before `began` is about an earlier one, `earlier` in words:
    that is decided, and the answer is refused.
    """

    since: datetime | None
    asked: str
    began: datetime | None = None
    earlier: str = ""


class TimeLimits(NamedTuple):
    """Which event times a subject accepts: not before it began, and by when they must be heard of."""

    calendar: Calendar
    beginning: Question | None = None
    late_report: Clause | None = None

    def read(self, claimed: datetime, heard_at: datetime) -> EventTime:
        """The claimed time, unless it lies in the future, before the beginning, or beyond the tolerance."""
        because = None
        if claimed > heard_at:
            because = "it lies in the future"
        elif self.beginning is not None and self.beginning.since is not None and claimed < self.beginning.since:
            because = self._too_early(self.beginning)
        elif self.late_report is not None and is_too_late(self.calendar, claimed, heard_at, self.late_report):
            clause = f"{self.late_report.amount} {self.late_report.unit.replace('_', ' ')}"
            because = f"it is past the plan's tolerance for late reports ({clause})"
        return EventTime(claimed, heard_at) if because is None else EventTime(heard_at, heard_at, claimed, because)

    def answered(self, when: EventTime, question: Question | None) -> EventTime:
        """An accepted time, unless it is before what the command answers."""
        if question is None or (question.since is not None and question.since <= when.at):
            return when
        return EventTime(when.heard_at, when.heard_at, when.at, self._too_early(question))

    def require_present(self, command: str, when: EventTime, question: Question | None) -> None:
        """Raises Refused for an answer to what was decided before, whether its time is accepted or not."""
        if question is not None and question.began is not None and when.said_at < question.began:
            said, over = (shown_instant(self.calendar, one) for one in (when.said_at, question.began))
            raise Refused(
                f"{command} of {said} is about {question.earlier}, which was over on {over}; what is about the present "
                "is given with its own day"
            )

    def warning(self, when: EventTime) -> str | None:
        """Why a time is not taken; a clock that differs by less than a minute is not worth a word."""
        if when.claimed_at is None or when.because is None:
            return None
        claimed, counts, heard = (
            shown_instant(self.calendar, one) for one in (when.claimed_at, when.at, when.heard_at)
        )
        if claimed == counts:
            return None
        moment = "receipt" if counts == heard else "arrival"
        return f"{claimed} is not taken as its time: {when.because}; it counts as of its {moment}, {counts}"

    def _too_early(self, question: Question) -> str:
        on = "" if question.since is None else f" ({shown_instant(self.calendar, question.since)})"
        return f"it is before {question.asked}{on}"
