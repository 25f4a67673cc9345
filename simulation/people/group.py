"""A circle of simulated people, who do what one part of a plan asks for."""

from collections.abc import Iterable
from datetime import datetime

from schemas.ledger import DocumentDraft
from schemas.plan import Plan
from schemas.register import Site
from simulation.behaviour.actions import Action, Reply
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.behaviour.wording import WORDING


class ParticipantGroup:
    """Each hears what is public and what it was answered; what it does depends on that and on the seed only.

    A circle overrides what it listens to. Everything returned is sent at its time, unless the campaign is over by then.
    """

    def on_plan_issued(self, issued_at: datetime) -> Iterable[Action]:
        """The plan went out."""
        return ()

    def on_opened(self, site: Site, approved_at: datetime) -> Iterable[Action]:
        """A site opened: its city's deployment was approved at that time."""
        return ()

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """The answer to an update of anybody; `action.step` says whose it was."""
        return ()

    def on_document(self, document: DocumentDraft) -> Iterable[Action]:
        """A document was issued or laid before its approver, also after the campaign's end."""
        return ()


class Locals(ParticipantGroup):
    """A circle that knows the plan and its register, and has habits and hours of its own."""

    def __init__(self, plan: Plan, sites: Iterable[Site], habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._sites = {site.id: site for site in sites}
        self._habits = habits
        self._hours = hours
        self._draws = draws
        self._words = WORDING[plan.language]
