"""The escalation ladder of a plan: rungs are instruments with their clauses; and the check for contradictions."""

import re
from collections.abc import Iterator, Sequence
from datetime import time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.actor import Right
from schemas.base import InputModel
from schemas.calendar import Clause, DayUnit
from schemas.offices import AddresseeLevel, Agency, Approver, Text, is_unset


class Instrument(StrEnum):
    """The instruments of the ladder, in their usual order, lowest first."""

    REMINDER_LETTER = "reminder_letter"
    SUPERVISION_ORDER = "supervision_order"
    CIRCULAR = "circular"
    INTERVIEW = "interview"
    LISTED_SUPERVISION = "listed_supervision"
    ACCOUNTABILITY = "accountability"


class Lifting(StrEnum):
    """What lifts an instrument (摘牌, 销号)."""

    SITES_CLOSED = "sites_closed"
    """Automatically, when every listed site is struck off (or by its issuer's decision from then on)."""
    REPLIED = "replied"
    """Automatically, when the reply is received."""
    DECISION = "decision"
    """By the issuer's decision alone."""


class Instrumental(InputModel):
    """Fields of every issued instrument. Clauses count from the day of issue; one that is left out does not apply.

    `issuer` names an issuing agency of the plan (by default the first). With `approver` the document waits for an
    approval, due within `approval`. `reply` is the deadline of the written reply; a reply stops the escalation of the
    sites until the day it promises, for `reply_holds` after the first reply at most; the last reply counts, and one
    that promises no day holds for `reply_holds_without_day`, or not at all. A document that is not lifted within
    `lifting_within` is reported one level higher. `publication` is the clause after which it is published.
    """

    issuer: Text | None = Field(default=None, exclude_if=is_unset)
    approver: Approver | None = Field(default=None, exclude_if=is_unset)
    approval: Clause | None = Field(default=None, exclude_if=is_unset)
    addressee: AddresseeLevel | None = Field(default=None, exclude_if=is_unset)
    copies: tuple[AddresseeLevel, ...] = Field(default=(), exclude_if=is_unset)
    receipt: Clause | None = Field(default=None, exclude_if=is_unset)
    reply: Clause | None = Field(default=None, exclude_if=is_unset)
    reply_holds: Clause | None = Field(default=None, exclude_if=is_unset)
    reply_holds_without_day: Clause | None = Field(default=None, exclude_if=is_unset)
    lifting: Lifting | None = Field(default=None, exclude_if=is_unset)
    lifting_within: Clause | None = Field(default=None, exclude_if=is_unset)
    publication: Clause | None = Field(default=None, exclude_if=is_unset)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.approval is not None and self.approver is None:
            raise ValueError("approval is a deadline for an approver, and there is none")
        if self.reply_holds is not None and self.reply is None:
            raise ValueError("reply_holds says how long a reply stops the climb, and no reply is asked for")
        if self.reply_holds_without_day is not None and self.reply_holds is None:
            raise ValueError("reply_holds_without_day is bounded by reply_holds, and that is not given")
        if self.lifting_within is not None and self.lifting is None:
            raise ValueError("lifting_within is a deadline for a lifting, and nothing says what lifts it")
        if self.lifting is Lifting.REPLIED and self.reply is None:
            raise ValueError("lifting waits for a reply, and no reply is asked for")
        return self


class Rung(Instrumental):
    """A rung of the ladder; `after` is the grace since the rung before (for the first rung: since the due date)."""

    rung: int = Field(ge=1, le=6)
    instrument: Instrument
    after: Clause


class OfConduct(Instrumental):
    """An instrument that lists no sites."""

    @model_validator(mode="after")
    def _without_sites(self) -> Self:
        if self.lifting is Lifting.SITES_CLOSED:
            raise ValueError("lifting waits for sites, and an instrument for a unit's conduct lists none")
        return self


class Conduct(OfConduct):
    """An instrument for a unit's own conduct: `after` counts from the missed deadline."""

    instrument: Instrument
    after: Clause = Clause(amount=1, unit=DayUnit.WORKING_DAYS)


class RankingConduct(OfConduct):
    """An instrument for the unit at the bottom of the ranking in consecutive briefings; a person must approve it."""

    instrument: Instrument
    weeks: int = Field(default=2, ge=2, le=20)

    @model_validator(mode="after")
    def _approved(self) -> Self:
        if self.approver is None:
            raise ValueError("what a ranking proposes a person approves: name the approver")
        return self


class Behaviour(InputModel):
    """Escalation for a unit's own conduct: plan not signed for, no deployment, bottom of the ranking."""

    no_receipt: Conduct | None = None
    no_deployment: Conduct | None = None
    bottom_of_ranking: RankingConduct | None = None


class Weights(InputModel):
    """The weights of the ranking's measures; only their proportions matter.

    `relapses` is the share of strike-offs that held, `returns` that of verdicts and batches that were not returned.
    """

    closure: float = Field(default=0.4, ge=0, le=1000)
    punctuality: float = Field(default=0.2, ge=0, le=1000)
    work: float = Field(default=0.2, ge=0, le=1000)
    relapses: float = Field(default=0.1, ge=0, le=1000)
    returns: float = Field(default=0.1, ge=0, le=1000)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if sum((self.closure, self.punctuality, self.work, self.relapses, self.returns)) <= 0:
            raise ValueError("expected at least one weight above 0")
        return self


class UnitLevel(StrEnum):
    """The levels of units that are ranked, highest first."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


def _of_cities(levels: object) -> bool:
    return levels == (UnitLevel.CITY,)


class Briefing(InputModel):
    """The weekly briefing (周调度通报): cut off at `cutoff` of `weekday` (1 Monday .. 7 Sunday).

    `base` is the number of average sites added to every unit, which moves small units towards the average
    (rules.campaign.ranking). `levels` are ranked, each among all units of its level; the first is the leading one, of
    which the bottom may get an instrument.
    """

    weekday: int = Field(default=5, ge=1, le=7)
    cutoff: time = time(18)
    base: Annotated[int, Field(ge=0, le=1000)] = 5
    weights: Weights = Weights()
    levels: tuple[UnitLevel, ...] = Field(default=(UnitLevel.CITY,), min_length=1, exclude_if=_of_cities)

    @model_validator(mode="after")
    def _falling(self) -> Self:
        order = [list(UnitLevel).index(level) for level in self.levels]
        if order != sorted(set(order)):
            raise ValueError(f"levels {', '.join(self.levels)} are not in the order {', '.join(UnitLevel)}, each once")
        return self


_SERIES = re.compile(r"[\w.·-]+( [\w.·-]+)*")
"""The part of a document number before the year: letters of any script, digits, dots, dashes, single spaces."""


_LEVELS = tuple(AddresseeLevel)


Named = tuple[str, Instrumental]


def instruments_of(ladder: Sequence[Rung], behaviour: Behaviour | None) -> list[Named]:
    """The plan's instruments with their paths."""
    named: list[Named] = [(f"ladder[{index}]", rung) for index, rung in enumerate(ladder)]
    return named + [(f"behaviour.{conduct}", one) for conduct, one in behaviour or () if one is not None]


def contradictions(
    agencies: Sequence[Agency], ladder: Sequence[Rung], behaviour: Behaviour | None, briefing: Briefing | None
) -> Iterator[str]:
    """Every fault as `path: what`, the path as the plan's file has it."""
    named = instruments_of(ladder, behaviour)
    yield from _of_series(agencies)
    yield from _of_rights(agencies, named)
    yield from _of_issuers(agencies, named)
    yield from _of_approvers(named)
    yield from _of_levels(ladder)
    if behaviour is not None and behaviour.bottom_of_ranking is not None and briefing is None:
        yield "behaviour.bottom_of_ranking: nothing is ranked without the weekly `briefing`"


def _of_series(agencies: Sequence[Agency]) -> Iterator[str]:
    owners: dict[str, str] = {}
    for index, agency in enumerate(agencies):
        path, series = f"issuing_agencies[{index}].series", agency.series
        if series is None:
            continue
        if not _SERIES.fullmatch(series):
            yield f"{path}: expected letters, digits, dots and dashes (the year and the number follow by themselves)"
        if series in owners:
            yield f"{path}: {owners[series]} has this series already, each agency numbers in its own"
        owners.setdefault(series, agency.name)


def _of_rights(agencies: Sequence[Agency], named: Sequence[Named]) -> Iterator[str]:
    if all(agency.rights and Right.WORKS not in agency.rights for agency in agencies):
        yield f"issuing_agencies: none has the right {Right.WORKS}, so nobody would decide on deployments"
    for index, agency in enumerate(agencies):
        if agency.rights and Right.PLAN not in agency.rights:
            yield f"issuing_agencies[{index}].rights: {agency.name} issues the plan, expected {Right.PLAN} among them"
    for path, one in named:
        if one.approver is not None and one.approver.rights and Right.APPROVALS not in one.approver.rights:
            yield f"{path}.approver.rights: {one.approver.name} approves, expected {Right.APPROVALS} among them"


def _of_issuers(agencies: Sequence[Agency], named: Sequence[Named]) -> Iterator[str]:
    known = [agency.name for agency in agencies]
    for path, one in named:
        if one.issuer is not None and one.issuer not in known:
            yield f"{path}.issuer: expected an issuing agency of the plan, one of {', '.join(known)}"


def _of_approvers(named: Sequence[Named]) -> Iterator[str]:
    met: dict[str, Approver] = {}
    for path, one in named:
        approver = one.approver
        if approver is None:
            continue
        if approver.superior.name == approver.name:
            yield f"{path}.approver: {approver.name} is named as the own superior, so nobody would hear of the silence"
        elif met.setdefault(approver.name, approver) != approver:
            yield f"{path}.approver: {approver.name} stands elsewhere with another superior or address"


def _of_levels(ladder: Sequence[Rung]) -> Iterator[str]:
    highest = _LEVELS[0]
    for index, rung in enumerate(ladder):
        if rung.addressee is None:
            continue
        if _LEVELS.index(rung.addressee) < _LEVELS.index(highest):
            yield f"ladder[{index}].addressee: {rung.addressee} is lower than the {highest} of a rung below"
        highest = max(highest, rung.addressee, key=_LEVELS.index)
