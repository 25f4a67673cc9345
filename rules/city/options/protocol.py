"""`CityOption`: what an option of the plan adds to a city. `rules.city.options.registry` lists the options."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from rules.aggregate import EventTime, Question
from rules.city.state import CityState
from rules.effects import Effect, GatherNotices, OpenSites
from schemas.actor import Units
from schemas.base import StoredModel
from schemas.calendar import Clause
from schemas.city import ApproveDeployment, CityTerms, ReturnDeployment, SubmitDeployment
from schemas.command import Command
from schemas.event import Event
from schemas.option import Option
from schemas.stages import Deployment
from schemas.work import Gathered

Due = tuple[datetime, Event | Effect]
"""What happens by itself: the instant, and the event to record or the effect to ask for."""


class CityOption:
    """Hooks of `rules.city.aggregate.CityAggregate`. Each does nothing by default.

    An option has no state of its own: the plan is in the terms, what happened in the city's state. `apply` and
    `note_asked` change the state in place; all others only read. A hook is called for every city, also where the plan
    does not have the option.
    """

    data: Option
    """Its commands, events and permits."""
    after_the_end: ClassVar[bool] = False
    """Whether its commands are also taken after the campaign has ended."""

    # -- commands --------------------------------------------------------------------------------------------------

    def units(self, terms: CityTerms, state: CityState, command: Command) -> Units:
        """The units by which one of the option's commands is judged: those of the city, unless its subject is another.

        Raises Refused where there is no such subject.
        """
        return terms.units

    def answers(self, state: CityState, command: Command) -> Question | None:
        """What one of the option's commands answers; None for one that answers nothing."""
        return None

    def check_command(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> None:
        """Raises Refused for a command of another option, before anything else of it is judged."""

    def decide(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> Iterable[Event]:
        """The events that follow from one of the option's commands; raises Refused."""
        return ()

    def check_deployment(
        self, terms: CityTerms, command: SubmitDeployment | ReturnDeployment | ApproveDeployment
    ) -> None:
        """Raises Refused for a submission or a decision that the option does not allow."""

    def submission_clause(self, terms: CityTerms, deployment: Deployment) -> Clause | None:
        """Within what a deployment is submitted, where the option says so."""
        return None

    # -- deadlines -------------------------------------------------------------------------------------------------

    def running_deadlines(self, terms: CityTerms, state: CityState) -> Iterable[Due]:
        """What is due until the campaign ends."""
        return ()

    def deadlines(self, terms: CityTerms, state: CityState, now: datetime) -> Iterable[Due]:
        """What is due at any time until the city is settled."""
        return ()

    def note_asked(self, state: CityState, effect: Effect) -> None:
        """Remember that an effect was asked for, so that it is asked for once."""

    def opening(self, terms: CityTerms, state: CityState, order: OpenSites) -> OpenSites:
        """The opening of sites that is asked for, with what the option changes in it."""
        return order

    # -- dispatches and other results ------------------------------------------------------------------------------

    def gathering(self, terms: CityTerms, state: CityState, order: GatherNotices) -> GatherNotices:
        """The order of a dispatch, with what the option wants to be read."""
        return order

    def of_dispatch(self, terms: CityTerms, state: CityState, gathered: Gathered, now: datetime) -> Iterable[Event]:
        """What follows from a dispatch before its documents are drafted; read while it is recorded, at `now`."""
        return ()

    def observe(
        self, terms: CityTerms, state: CityState, observation: StoredModel, now: datetime
    ) -> Iterable[tuple[Event, datetime]]:
        """What follows from the result of an effect, and when it happened; nothing for the same result again."""
        return ()

    # -- applying --------------------------------------------------------------------------------------------------

    def apply(self, terms: CityTerms, state: CityState, event: Event, at: datetime, received_at: datetime) -> None:
        """Apply one event, the city's own included, to the state; the engine heard of it at `received_at`."""

    def effects(self, terms: CityTerms, event: Event, at: datetime) -> Iterable[Effect]:
        """What an event asks for."""
        return ()

    # -- the end ---------------------------------------------------------------------------------------------------

    def keeps_climbing(self, state: CityState) -> bool:
        """Whether sites may still climb after the city's sites were settled for the campaign."""
        return False

    def closing(
        self, terms: CityTerms, state: CityState, at: datetime, now: datetime, quiet: bool
    ) -> Sequence[Event] | None:
        """How a city closes at `at` that this option keeps open; None where it does not keep it.

        `now` is when it is recorded. `quiet`: no document of the city waits for anything.
        """
        return None

    def closed_for_campaign(self, state: CityState) -> bool:
        """Whether the city counts as settled for its campaign, although this option keeps it open."""
        return False

    # -- status ----------------------------------------------------------------------------------------------------

    def facts(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        """Fields of `schemas.facts.CityFacts`, for the city's row."""
        return {}

    def view(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        """Fields of `schemas.answers.CityView`; those of `facts` by default."""
        return self.facts(terms, state)
