"""A group of simulated people who perform what one part of a plan requires."""

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
    """Reacts to public events and to replies; its actions depend on these and on the seed only.

    A group overrides the methods of the events that concern it. The actions returned are sent at their times, unless
    the campaign has ended by then.
    """

    def on_plan_issued(self, issued_at: datetime) -> Iterable[Action]:
        """The plan was issued."""
        return ()

    def on_opened(self, site: Site, approved_at: datetime) -> Iterable[Action]:
        """A site opened, since its city's deployment was approved at `approved_at`."""
        return ()

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """The reply to an update of any group; `action.step` tells which step it was."""
        return ()

    def on_document(self, document: DocumentDraft) -> Iterable[Action]:
        """A document was issued or submitted to its approver, also after the end of the campaign."""
        return ()


class SiteGroup(ParticipantGroup):
    """A group that acts on the sites of a register, by its habits and office hours."""

    def __init__(self, plan: Plan, sites: Iterable[Site], habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._sites = {site.id: site for site in sites}
        self._habits = habits
        self._hours = hours
        self._draws = draws
        self._words = WORDING[plan.language]
