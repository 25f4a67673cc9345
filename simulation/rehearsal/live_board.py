"""The live board of a rehearsal in the terminal; plain lines where standard output is no terminal.

It shows the pulses that it is given, and reads nothing itself.
"""

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from schemas.documents.document import DocumentState
from schemas.local_time import local_day
from schemas.plan import Plan
from schemas.status import CampaignStatus, CityStatus
from simulation.rehearsal.pulse import Pulse, Tally

_REDRAW_SECONDS = 0.25
_LINE_EVERY_DAYS = 10
_DEPLOYMENT = {
    "not_issued": "",
    "awaited": "awaited",
    "submitted": "submitted",
    "returned": "[yellow]returned[/]",
    "approved": "[green]approved[/]",
}


class LiveBoard:
    """`with LiveBoard(plan) as board:` and `board.show(pulse)`; it redraws a few times a second at most."""

    def __init__(self, plan: Plan, console: Console | None = None) -> None:
        """`console` is for tests; by default standard output."""
        self._plan = plan
        self._console = console or Console()
        self._live = (
            Live(console=self._console, auto_refresh=False, transient=False) if self._console.is_terminal else None
        )
        self._drawn_at = 0.0
        self._next_line = 1

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, pulse: Pulse) -> None:
        """Show one pulse."""
        if pulse.status is None:
            return
        if self._live is None:
            self._say(pulse, pulse.status)
            return
        drawn = time.monotonic()
        if pulse.ended or drawn - self._drawn_at >= _REDRAW_SECONDS:
            self._drawn_at = drawn
            self._live.update(board(self._plan, pulse, pulse.status), refresh=True)

    def _say(self, pulse: Pulse, status: CampaignStatus) -> None:
        if status.day >= self._next_line or pulse.ended:
            self._next_line = status.day + _LINE_EVERY_DAYS
            self._console.print(line(self._plan, pulse, status), markup=False, highlight=False, soft_wrap=True)


def line(plan: Plan, pulse: Pulse, status: CampaignStatus) -> str:
    """The state in one line."""
    stages = ", ".join(f"{stage.replace('_', ' ')} {count}" for stage, count in status.sites.by_stage.items())
    return (
        f"{status.day_in_words} ({local_day(status.as_of, plan.zone)}, {status.phase}): {stages}; "
        f"{_signatures(plan, status)}overdue {status.sites.overdue}; documents {_documents(status)}; "
        f"{_commands(pulse.tally, status)}"
    ) + "".join(f"; {phases}" for phases in _phases(status))


def _signatures(plan: Plan, status: CampaignStatus) -> str:
    """The signatures that are missing, as a part of the line."""
    missing = [one.in_words(plan.zone) for one in status.signing if not one.complete]
    return f"signatures {'; '.join(missing)}; " if missing else ""


def board(plan: Plan, pulse: Pulse, status: CampaignStatus) -> RenderableType:
    """The state as a table with facts around it."""
    head = Text.assemble(
        (status.title, "bold"),
        f"   {status.day_in_words}   {local_day(status.as_of, plan.zone)}   ",
        (_phase(plan, status.phase), "cyan"),
    )
    table = Table(expand=False, pad_edge=False)
    table.add_column("city")
    table.add_column("deployment")
    for heading in ("registered", "rectifying", "verifying", "closed", "carried over", "overdue", "highest rung"):
        table.add_column(heading, justify="right")
    for city in status.cities:
        table.add_row(*_city(city))
    bar = Table.grid()
    bar.add_row(ProgressBar(total=status.days, completed=status.day, width=60))
    parts: list[RenderableType] = [
        head,
        bar,
        *_phases(status),
        table,
        *(Text(f"signatures: {one.in_words(plan.zone)}") for one in status.signing),
        Text(f"documents: {_documents(status)}"),
        Text(_commands(pulse.tally, status)),
    ]
    return Group(*parts)


def _phase(plan: Plan, phase: str) -> str:
    """The title of a phase of the plan; else the state of the campaign."""
    return next((p.title for p in plan.phases if p.id == phase), phase.replace("_", " "))


def _phases(status: CampaignStatus) -> Iterator[Text]:
    """A line of the phases with a gate or milestones: their state, and what they lack."""
    parts = []
    for one in status.phases:
        if one.gate is None and not one.milestones:
            continue
        words = [one.state_in_words]
        if one.gate is not None and one.gate != "not_judged":
            words.append(f"gate {one.gate}" + (f" ({len(one.missing)} lacking)" if one.missing else ""))
        if one.milestones:
            words.append(f"milestones kept {one.kept} of {len(one.milestones)}")
        parts.append(f"{one.title}: {', '.join(words)}")
    if parts:
        yield Text("; ".join(parts))


def _city(city: CityStatus) -> tuple[str, ...]:
    stages, overdue = city.sites.by_stage, city.sites.overdue
    return (
        escape(city.name),
        _DEPLOYMENT.get(city.deployment.state, city.deployment.state) + _of_counties(city),
        str(stages["registered"] or ""),
        str(stages["rectifying"] or ""),
        str(stages["verifying"] or ""),
        f"[green]{stages['closed']}[/]" if stages["closed"] else "",
        str(stages["carried_over"] or ""),
        f"[red]{overdue}[/]" if overdue else "",
        max(city.sites.by_rung, key=int, default=""),
    )


def _of_counties(city: CityStatus) -> str:
    """How many of its counties and townships have an approved deployment, where they deploy."""
    approved = sum(one.deployment == "approved" for one in city.counties)
    return f" {approved}/{len(city.counties)}" if city.counties else ""


def _documents(status: CampaignStatus) -> str:
    """The number of documents, by state in the order of a document's life, and of those that are overdue."""
    states = [f"{number} {state}" for state in DocumentState if (number := status.documents.get(state, 0))]
    late = [
        f"{number} {what}"
        for number, what in (
            (status.unsigned, "not signed by their day"),
            (status.unanswered, "not replied to by their day"),
            (status.deliveries["failed"], "dead letters"),
        )
        if number
    ]
    counted = f"{sum(status.documents.values())}" + (f" ({', '.join(states)})" if states else "")
    return "; ".join([counted, *late])


def _commands(tally: Tally, status: CampaignStatus) -> str:
    """The counts of the senders, and the refused commands as the status and the report count them."""
    said = (
        f"commands: {tally.sent} sent, {tally.turned_down} turned down at once, {tally.waiting} waiting; "
        f"{status.refused} refused in the ledger"
    )
    if tally.waited_seconds < 1:
        return said
    return f"{said}; the clock waited {tally.waited_seconds:.0f} s for the engine"
