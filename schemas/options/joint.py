"""Joint issue (联合发文): a plan with several issuing agencies is signed by each before it is issued.

An amendment waits likewise, and so do the instruments that the plan names.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from schemas.actor import Role
from schemas.base import InputModel, Instant, StoredModel
from schemas.calendar import Clause, DayUnit
from schemas.command import Command, DocumentRef
from schemas.documents.signatures import Signatures, SignaturesOverdue
from schemas.event import Event, new_field
from schemas.ladder import Instrument, Instrumental
from schemas.local_time import last_day, local_day
from schemas.offices import Agency, Recipient, is_unset
from schemas.option import Option
from schemas.permit import Permit, Whose, at
from schemas.stages import BEFORE_THE_END, UNCLOSED_CITY

_WITHIN = Clause(amount=1, unit=DayUnit.WORKING_DAYS)
"""Office handling of an urgent matter, as for approvals."""


class SigningRule(InputModel):
    """The plan's option `signing`: until when each agency signs, who hears of silence, which instruments are joint.

    The clause counts from the start of the campaign, from the proposal of an amendment, from the draft of an
    instrument. Without a superior the other agencies hear of the silence.
    """

    within: Clause = _WITHIN
    superior: Recipient | None = Field(default=None, exclude_if=is_unset)
    instruments: tuple[Instrument, ...] = Field(default=(), exclude_if=is_unset)


def signing_contradictions(
    rule: SigningRule | None, agencies: Sequence[Agency], named: Iterable[tuple[str, Instrumental]]
) -> Iterator[str]:
    """Every fault as `path: what`; `named` are the plan's instruments with their paths."""
    if rule is None:
        return
    names, known = [agency.name for agency in agencies], {str(getattr(one, "instrument", "")) for _, one in named}
    if len(names) < 2:
        yield f"signing: {names[0]} issues alone, expected two issuing agencies or more"
    if rule.within.amount < 1:
        yield "signing.within: expected one day or more, nobody signs before the day of the request is over"
    if rule.superior is not None and rule.superior.name in names:
        yield f"signing.superior: {rule.superior.name} signs itself, so nobody would hear of its silence"
    for place, instrument in enumerate(rule.instruments):
        if instrument in rule.instruments[:place]:
            yield f"signing.instruments[{place}]: {instrument} stands twice, expected once"
        elif instrument not in known:
            yield f"signing.instruments[{place}]: no rung and no conduct has {instrument}, expected one that is used"
    for path, one in named:
        if one.issuer is not None and getattr(one, "instrument", None) in rule.instruments:
            yield f"{path}.issuer: a joint instrument is issued by every agency, expected none"


class SigningTerms(StoredModel):
    """The same in the campaign's terms: the agencies by name, in the plan's order."""

    agencies: tuple[str, ...]
    within: Clause


# --- commands -----------------------------------------------------------------------------------------------------


class SignPlan(Command):
    """An issuing agency signs the plan, or the amendment of this number in the campaign."""

    kind: Literal["sign_plan"] = "sign_plan"
    amendment: int | None = Field(default=None, ge=1)


class Countersign(Command):
    """An issuing agency signs the draft of a joint instrument."""

    kind: Literal["countersign"] = "countersign"
    document: DocumentRef


# --- events -------------------------------------------------------------------------------------------------------


class CampaignStarted(Event):
    """The first entry: who started the campaign is its actor. `agencies` are to sign a joint plan by `signing_due`."""

    kind: Literal["started"] = "started"
    agencies: tuple[str, ...] = new_field(())
    signing_due: Instant | None = new_field(None)


class PlanSigned(Event):
    """An agency signed the plan (`amendment` 0) or an amendment; `signer` is the id of the person."""

    kind: Literal["plan_signed"] = "plan_signed"
    agency: str
    signer: str
    amendment: int = new_field(0)


class PlanUnsigned(SignaturesOverdue):
    """The plan, or an amendment, is not signed in time."""

    kind: Literal["plan_unsigned"] = "plan_unsigned"
    amendment: int = new_field(0)


class AmendmentProposed(Event):
    """An amendment waits for the signature of every agency; the fields are those of the command."""

    kind: Literal["amendment_proposed"] = "amendment_proposed"
    amendment: int
    document: str
    title: str
    digest: str
    terms: dict[str, Any] = {}
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    signing_due: Instant


# --- state --------------------------------------------------------------------------------------------------------


class SigningFacts(StoredModel):
    """The signatures under the plan (`amendment` 0) or one amendment, for status and reports."""

    amendment: int = 0
    document: str
    signatures: Signatures

    @property
    def complete(self) -> bool:
        """Whether every agency has signed."""
        return self.signatures.complete

    def in_words(self, zone: ZoneInfo) -> str:
        """`1号: A signed on 2021-07-14, B has to sign by 2021-07-16`, for lines of a terminal."""
        s = self.signatures
        parts = [f"{agency} signed on {local_day(at, zone)}" for agency, at in s.signed.items()]
        due = last_day(s.due, zone)
        told = f", told {s.steps} times" if s.steps else ""
        parts += [f"{agency} has to sign by {due}{told}" for agency in s.missing]
        return f"{self.document}: {', '.join(parts)}"


class JointState(StoredModel):
    """What a campaign remembers of signatures; empty in a plan with one agency."""

    plan: Signatures | None = None
    complete_at: Instant | None = None
    """When the last agency signed the plan."""
    proposal: AmendmentProposed | None = None
    """The newest amendment that waits for signatures, and the signatures under it."""
    proposed: Signatures | None = None


JOINT = Option(
    name="joint",
    subject="campaign",
    commands={"sign_plan": SignPlan},
    events=(CampaignStarted, PlanSigned, PlanUnsigned, AmendmentProposed),
    permits={"sign_plan": at(BEFORE_THE_END, Permit(Role.PROVINCE, Whose.AGENCY))},
    rows_after="amend",
)

COUNTERSIGNING_PERMITS = at(UNCLOSED_CITY, Permit(Role.PROVINCE, Whose.AGENCY))
"""Of `countersign`, which belongs to the documents of a city."""
