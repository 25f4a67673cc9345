"""Who starts a campaign and who signs for the issuing agencies: the plan, its amendments and joint instruments.

An agency acts on the request to sign, by the habits of an approver; one that stays silent signs when that is told.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from rules.calendar import latest_occasion, previous_working_day, start_of
from rules.terms.options import signing_of
from schemas import commands as cmd
from schemas.actor import Actor, Role, unit_name
from schemas.ledger import DocumentDraft
from schemas.plan import FrozenPlan, Plan
from schemas.streams import campaign_stream, city_stream
from simulation.behaviour.actions import Action, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import ParticipantGroup

_SIGNS_WHEN_TOLD = 0.7
"""Share of silent agencies that sign on the working day after their silence was told."""


def starter(plan: Plan) -> Actor:
    """Who starts a simulated campaign: somebody of the first agency, whose signature that is."""
    return Actor(id="province-start", role=Role.PROVINCE, unit=unit_name(plan.issuing_agencies[0].name))


def begins_at(frozen: FrozenPlan) -> datetime:
    """When a simulated campaign is started: on its first day; a joint plan so early that it can be signed by then."""
    calendar, first, signing = frozen.calendar, frozen.plan.starts_on, signing_of(frozen.plan)
    if signing is None:
        return start_of(calendar, first)
    occasion = latest_occasion(calendar, first - timedelta(days=1), signing.within)
    return OfficeHours(calendar).instant(previous_working_day(calendar, occasion), Hours.PROVINCE, 0.0)


class Signers(ParticipantGroup):
    """Each signature depends on the request, the agency and the seed only."""

    def __init__(self, plan: Plan, habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._signing = signing_of(plan)
        self._habits = habits
        self._hours = hours
        self._draws = draws

    def on_document(self, document: DocumentDraft) -> Iterator[Action]:
        """A request to sign was issued, or it was told that an agency has not signed."""
        if document.kind == "signature_request":
            yield from self._on_request(document)
        elif document.kind == "signature_overdue":
            day = self._hours.after(self._hours.day_of(document.issued_at))
            for agency in document.data["agencies"]:
                if self._draws.chance(_SIGNS_WHEN_TOLD, self._name(document.key), agency, "told"):
                    yield self._signature(document, agency, self._instant(document, agency, day))

    def _on_request(self, document: DocumentDraft) -> Iterator[Action]:
        assert self._signing is not None  # nobody else is asked to sign
        name, asked_on = self._name(document.key), self._hours.day_of(document.issued_at)
        for agency in document.data["agencies"]:
            if self._draws.chance(self._habits.silent, name, agency, "silent"):
                continue
            share = self._draws.along(self._habits.approval, name, agency, "signature")
            day = self._hours.within(asked_on, self._signing.within, share)
            yield self._signature(document, agency, self._instant(document, agency, day))

    def _instant(self, document: DocumentDraft, agency: str, day: date) -> datetime:
        share = self._draws.share(self._name(document.key), agency, "signed at")
        return self._hours.instant(day, Hours.DECIDING, share)

    def _signature(self, document: DocumentDraft, agency: str, at: datetime) -> Action:
        place = [one.name for one in self._plan.issuing_agencies].index(agency)
        actor = Actor(id=f"signs-for-{place + 1}", role=Role.PROVINCE, unit=unit_name(agency))
        fields: dict[str, Any] = {
            "command_id": f"{self._name(document.key)}:signed-{place}"[-128:],
            "actor": actor,
            "effective_at": at,
        }
        command: cmd.Command
        if document.city:
            stream = city_stream(self._plan.id, document.city)
            command = cmd.Countersign(**fields, document=document.data["key"])
        else:
            stream = campaign_stream(self._plan.id)
            command = cmd.SignPlan(**fields, amendment=document.data["amendment"] or None)
        return Action(Step.JOINT_SIGNATURE, stream, document.city, command, at, waits=True)

    def _name(self, key: str) -> str:
        """The key without its campaign id, so that the same plan under another id gives the same draws."""
        return key.removeprefix(f"{self._plan.id}/")
