"""Who acts on documents: units sign and reply, approvers and their superiors decide, the province lifts.

The actions depend on the document and the seed only. Draws use the key of a document, since its number depends on the
other documents of the day. Nobody acts on the day of issue.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from rules.documents.rules import terms_of
from rules.terms.documents import document_terms
from schemas import commands as cmd
from schemas.actor import Actor, Role, unit_name
from schemas.calendar import Clause
from schemas.documents.document import DocumentState
from schemas.documents.terms import InstrumentTerms
from schemas.ladder import Lifting
from schemas.ledger import DocumentDraft
from schemas.plan import Plan
from schemas.streams import city_stream
from simulation.behaviour.actions import Action, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.behaviour.wording import WORDING

_PROMISES = (3, 12)
"""Working days from a reply to the completion day that it names."""
_LIFTS_AFTER = (3, 10)
"""Working days after which the province lifts a document that only its decision lifts."""
_SUPERIOR_DECIDES = 0.7
"""Share of overdue approvals that the superior decides."""


class DocumentHandlers:
    """Each action depends on its document and the seed only."""

    def __init__(self, plan: Plan, habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._habits = habits
        self._hours = hours
        self._draws = draws
        self._words = WORDING[plan.language]
        self._document_terms = document_terms(plan)
        self._province = Actor(id="province-desk", role=Role.PROVINCE, unit=unit_name(plan.issuing_agencies[0].name))
        self._registries = {
            city.code: Actor(id=f"registry-{city.code}", role=Role.CITY, unit=unit_name(city.name))
            for city in plan.cities
        }

    def on_document(self, document: DocumentDraft) -> Iterator[Action]:
        """A document was submitted to its approver or issued; nobody acts on the plan or a document without city."""
        if not document.city or document.kind == "plan_issue":
            return
        known = terms_of(self._document_terms, document.kind, document.rung)
        if document.state is DocumentState.DRAFTED:
            if known is not None:
                yield from self._approval(document, known)
            return
        if document.kind == "approval_overdue":
            yield from self._superior(document)
            return
        progress, receipt = document.progress, known.receipt if known is not None else self._document_terms.receipt
        if progress.units:
            yield from self._signatures(document, receipt)
        if known is not None and known.reply is not None:
            yield from self._reply(document, known.reply)
        if progress.lifting == Lifting.DECISION:
            yield self._lift(document)

    # -- the units of the city -------------------------------------------------------------------------------------

    def _signatures(self, document: DocumentDraft, receipt: Clause) -> Iterator[Action]:
        """The registry signs once for all units, or each unit signs: in time, late, or never."""
        units: tuple[str | None, ...] = document.progress.units
        name = self._name(document.key)
        if len(units) > 1 and self._draws.chance(self._habits.together, name, "together"):
            units = (None,)
        for place, unit in enumerate(units):
            about = (name, place)
            if self._draws.chance(self._habits.unsigned, *about, "signed"):
                continue
            day = self._hours.within(
                self._day(document), receipt, self._draws.along(self._habits.signing, *about, "signing")
            )
            fields = self._command_fields(document, f"signed-{place}", day, Hours.CITY)
            yield self._action(Step.SIGNATURE, document, cmd.SignReceipt(**fields, unit=unit), waits=False)

    def _reply(self, document: DocumentDraft, reply: Clause) -> Iterator[Action]:
        habits, draws, name = self._habits, self._draws, self._name(document.key)
        if draws.chance(habits.unreplied, name, "replied"):
            return
        day = self._hours.within(self._day(document), reply, draws.along(habits.reply, name, "reply"))
        promised = None
        if draws.chance(habits.promised, name, "promised"):
            promised = self._hours.after(day, draws.whole(*_PROMISES, name, "promise"))
        fields = self._command_fields(document, "reply", day, Hours.CITY)
        command = cmd.SendReply(**fields, text=self._words.reply, complete_by=promised)
        yield self._action(Step.REPLY, document, command, waits=False)

    # -- approvers and the province --------------------------------------------------------------------------------

    def _approval(self, document: DocumentDraft, known: InstrumentTerms) -> Iterator[Action]:
        habits, draws, name = self._habits, self._draws, self._name(document.key)
        if known.approver is None or known.approval is None or draws.chance(habits.silent, name, "silent"):
            return
        day = self._hours.within(self._day(document), known.approval, draws.along(habits.approval, name, "approval"))
        fields = self._command_fields(document, "decided", day, Hours.DECIDING) | {"actor": _office(known.approver)}
        command: cmd.Command
        if draws.chance(habits.rejected, name, "rejected"):
            reasons = self._words.rejected
            command = cmd.Reject(**fields, reason=reasons[draws.whole(0, len(reasons) - 1, name, "reason")])
        else:
            command = cmd.Approve(**fields)
        yield self._action(Step.APPROVAL, document, command)

    def _superior(self, report: DocumentDraft) -> Iterator[Action]:
        """An approval is overdue: some superiors decide on the next working day, the others do not."""
        draft, kind, rung = report.data["key"], report.data["document"], report.data["rung"]
        known = terms_of(self._document_terms, kind, rung)
        if (
            known is None
            or known.superior is None
            or not self._draws.chance(_SUPERIOR_DECIDES, self._name(report.key), "superior")
        ):
            return
        fields = self._command_fields(report, "decided", self._hours.after(self._day(report)), Hours.DECIDING)
        command = cmd.Approve(**(fields | {"actor": _office(known.superior), "document": draft}))
        yield self._action(Step.APPROVAL, report, command)

    def _lift(self, document: DocumentDraft) -> Action:
        day = self._hours.after(
            self._day(document), self._draws.whole(*_LIFTS_AFTER, self._name(document.key), "lifts after")
        )
        known = terms_of(self._document_terms, document.kind, document.rung)
        issuer = known.issuer if known is not None else None
        lifter = self._province if issuer is None else _office(issuer)
        fields = self._command_fields(document, "lifted", day, Hours.DECIDING) | {"actor": lifter}
        return self._action(Step.LIFTING, document, cmd.Lift(**fields, reason=self._words.lifted))

    # -- one command -----------------------------------------------------------------------------------------------

    def _name(self, key: str) -> str:
        """The key without its campaign id, so that the same plan under another id gives the same draws."""
        return key.removeprefix(f"{self._plan.id}/")

    def _day(self, document: DocumentDraft) -> date:
        return self._hours.day_of(document.issued_at)

    def _command_fields(self, document: DocumentDraft, what: str, day: date, hours: Hours) -> dict[str, Any]:
        """The fields of each command; the actor is the city's registry unless the caller replaces it."""
        name = self._name(document.key)
        return {
            "command_id": f"{name}:{what}"[-128:],
            "actor": self._registry_of(document),
            "effective_at": self._at(day, hours, name, what, "at"),
            "document": document.key,
        }

    def _registry_of(self, document: DocumentDraft) -> Actor:
        """The registry of the city, or of the county or the township that the document is addressed to."""
        below = document.progress.county
        if below is None:
            return self._registries[document.city]
        role = Role.COUNTY if "/" not in below else Role.TOWNSHIP
        return Actor(id=unit_name(f"registry-{below}"), role=role, unit=unit_name(below.rpartition("/")[2]))

    def _at(self, day: date, hours: Hours, *about: object) -> datetime:
        return self._hours.instant(day, hours, self._draws.share(*about))

    def _action(self, step: Step, document: DocumentDraft, command: cmd.Command, *, waits: bool = True) -> Action:
        stream = city_stream(self._plan.id, document.city)
        return Action(step, stream, document.city, command, command.effective_at, waits=waits)


def _office(name: str) -> Actor:
    """The actor who decides for an office of this name."""
    return Actor(id=unit_name(name), role=Role.PROVINCE, unit=unit_name(name))
