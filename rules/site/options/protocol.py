"""What an option of the plan may do at a site: `SiteOption`, whose hooks all default to nothing.

An option is an object without state: what the plan asks is in the site's terms, what happened is in the site's state.
Its commands, events, permits and transitions are data (`schemas.option.Option`). The core calls every registered option
in the order of `rules.site.options.registry`; the order decides between deadlines of one instant and in which order
events are filtered.

Which requirements hold at a site is not a hook: it is data of the requirements themselves (`rules.site.work`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from rules.aggregate import EventTime, Question
from rules.site.state import SiteState
from schemas.actor import Actor, Units
from schemas.command import Command
from schemas.event import Event
from schemas.option import Option
from schemas.phase_end import Within
from schemas.site.commands import CompleteTask, Verify
from schemas.site.terms import RungTerms, SiteTerms

Deadline = tuple[datetime, Callable[[], Event]]
"""When something happens by itself, and the event: it is made only when that instant is reached."""


class NoticeContent(NamedTuple):
    """A notice to the site's city without its key: `which` tells it from others of its kind and site."""

    kind: str
    which: str
    data: dict[str, Any]
    rung: int = 0


class SiteOption:
    """Base of every option of a site. `terms` and `state` are the site's; only `apply` changes the state."""

    data: Option

    # -- commands --------------------------------------------------------------------------------------------------

    def check_command(self, terms: SiteTerms, state: SiteState, command: Command) -> None:
        """Raises Refused for a command of the core or of another option, before anything else of it is judged."""

    def judged_units(
        self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime, units: Units
    ) -> Units:
        """The units by which a command is judged, where those of its event time differ; may raise Refused."""
        return units

    def answers(self, terms: SiteTerms, state: SiteState, command: Command) -> Question | None:
        """What a command of the core or of an option answers, as far as this option asks it; None if it does not."""
        return None

    def check_report(self, terms: SiteTerms, state: SiteState, command: CompleteTask, counts: bool) -> None:
        """Raises Refused for a report of work on a requirement that the site has.

        `counts` is False for work that was sent back since; it is kept only.
        """

    def check_verdict(self, terms: SiteTerms, state: SiteState, command: Verify) -> None:
        """Raises Refused for a verdict of the awaited level by a person who neither worked nor judged before."""

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        """The events of one of the option's own commands; raises Refused. The stage takes the command."""
        return ()

    def filter_events(
        self, terms: SiteTerms, state: SiteState, events: Iterable[Event], when: EventTime
    ) -> Iterable[Event]:
        """The events of a command of the core or of an option before this one, or other events in their place."""
        return events

    def after_command(self, terms: SiteTerms, state: SiteState) -> Iterable[Event]:
        """What the engine records after a command was applied."""
        return ()

    # -- events ----------------------------------------------------------------------------------------------------

    def due_from_opening(self, terms: SiteTerms, since: datetime) -> datetime | None:
        """The option's deadline that begins with the opening, counted from `since`; it stands in the event `opened`."""
        return None

    def clauses_from_opening(self, terms: SiteTerms) -> Mapping[str, Within]:
        """The clause of that deadline, by the option's name; it stands in the event `opened` as well."""
        return {}

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        """Apply an event to the option's part of the state, in place; the core's part and the stage are applied."""

    def notices(self, terms: SiteTerms, state: SiteState, event: Event) -> Iterable[NoticeContent]:
        """The notices that follow from an event, after it was applied."""
        return ()

    def adjust_notice(self, terms: SiteTerms, state: SiteState, event: Event, notice: NoticeContent) -> NoticeContent:
        """A notice of the core or of an option, with what this option adds to it."""
        return notice

    # -- deadlines -------------------------------------------------------------------------------------------------

    def deadlines(self, terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline]:
        """The option's deadlines while the site is not settled, seen from `now`: a grace counts from there."""
        return ()

    def level_deadlines(self, terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline] | None:
        """The deadlines of the awaited level in place of the core's; None where the option has no say in that level."""
        return None

    def climbs_at_once(self, terms: SiteTerms, state: SiteState, now: datetime) -> tuple[date, RungTerms] | None:
        """A day and a rung that the site climbs to though it is not overdue."""
        return None

    # -- questions of the core -------------------------------------------------------------------------------------

    def units(self, terms: SiteTerms, state: SiteState, units: Units) -> Units:
        """The units to which the site belongs, with what the option changes of those that the register names."""
        return units

    def unit_names(self, terms: SiteTerms, state: SiteState) -> Iterable[str]:
        """The units beside those of the site that the option compares with those of actors."""
        return ()

    def blocks_verification(self, terms: SiteTerms, state: SiteState) -> bool:
        """Whether a site whose work is done does not ask for verification yet."""
        return False

    def blocks_escalation(self, terms: SiteTerms, state: SiteState) -> bool:
        """Whether an overdue site climbs to no further rung."""
        return False

    def keeps_open(self, terms: SiteTerms, state: SiteState) -> bool:
        """Whether a site that is closed is not settled yet."""
        return False

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        """Fields of `schemas.facts.SiteFacts`; an option outside the tree puts its own under `options` by its name."""
        return {}

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        """Fields of `schemas.answers.SiteView`, likewise."""
        return {}
