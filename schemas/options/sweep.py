"""The two-way sweep (双向排查): suspected patches from images and clues of the police, each checked by its county."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from schemas.base import Digest, Identifier, InputModel, Instant, SiteId, StoredModel
from schemas.calendar import CampaignDay, Clause, ClauseNames, DayUnit
from schemas.canonical import canonical_json
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.offices import is_unset
from schemas.option import Option
from schemas.permit import BY_COUNTY, BY_POLICE, BY_PROVINCE, at
from schemas.stages import RUNNING_CITY

PatchId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$")]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
MOST = 2000
"""Patches of one batch in one city: they are one message."""


class PlannedBatch(InputModel):
    """A batch of patches that rehearsals and forecasts simulate on the day `on`, from a file beside the plan's."""

    id: Identifier
    on: CampaignDay
    file: Annotated[str, Field(min_length=1, max_length=300)]
    source: Words


class SweepRule(InputModel):
    """The plan's option `sweep`: a county settles a patch within `check`, a clue within `clue` (default: `check`).

    `upward` is the fresh grace of each level that is told of a silence.
    """

    check: Clause
    clue: Clause | None = Field(default=None, exclude_if=is_unset)
    upward: Clause = Clause(amount=2, unit=DayUnit.WORKING_DAYS)
    batches: tuple[PlannedBatch, ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _once(self) -> Self:
        twice = [one for one, times in Counter(one.id for one in self.batches).items() if times > 1]
        if twice:
            raise ValueError("; ".join(f"batches: {one} stands twice, expected once" for one in twice))
        return self

    def moved(self, shift: timedelta) -> Self:
        """The same option with its batches later by `shift`."""
        batches = tuple(one.model_copy(update={"on": one.on + shift}) for one in self.batches)
        return self.model_copy(update={"batches": batches})


def sweep_contradictions(rule: SweepRule | None, surveyed: bool, starts_on: date, ends_on: date) -> Iterator[str]:
    """Every fault as `path: what`: what is confirmed is added as a survey, and batches lie in the campaign."""
    if rule is None:
        return
    if not surveyed:
        yield "sweep: a confirmed patch is added as a survey's site, expected the plan's `survey`"
    for place, one in enumerate(rule.batches):
        if not starts_on <= one.on <= ends_on:
            yield f"sweep.batches[{place}].on: {one.on} lies outside {starts_on} .. {ends_on}"


class SweepTerms(StoredModel):
    """The option for one city. `levels` are the places of the levels that are told, lowest first, last the province.

    `counties` are the units of each county that the plan names, by its code and by its name.
    """

    check: Clause
    clue: Clause
    upward: Clause
    levels: tuple[int, ...]
    police: tuple[str, ...] = ()
    counties: dict[str, tuple[str, ...]] = {}


class PatchLine(StoredModel):
    """A patch as its city and its document name it; its whole row is in Postgres."""

    id: PatchId
    county: Words
    place: Words


class Patch(StoredModel):
    """A suspected patch, or a clue of the police (`clue`, then `source` is the reference of the old case)."""

    id: PatchId
    batch: str
    source: str
    city: str
    county: str
    place: str
    area_ha: float | None = None
    note: str | None = None
    clue: bool = False


def patches_digest(patches: Sequence[Patch]) -> str:
    """The digest of the patches of one batch, in the order of their ids."""
    rows = [one.model_dump(mode="json") for one in sorted(patches, key=lambda one: one.id)]
    return hashlib.sha256(canonical_json(rows).encode()).hexdigest()


class Outcome(StrEnum):
    """How a patch was settled."""

    CONFIRMED = "confirmed"
    """It is a new site of the register."""
    KNOWN = "known"
    """It is a site that the register has."""
    REFUTED = "refuted"


class ListedPatch(NamedTuple):
    """A patch with its deadline and, once it is settled, its outcome, when, and the site or the reason."""

    patch: Patch
    due: datetime | None = None
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    said: str | None = None


class IssuePatches(Command):
    """Natural resources issues the suspected patches of a batch in one city; `digest` is that of its rows."""

    kind: Literal["issue_patches"] = "issue_patches"
    batch: Identifier
    source: Words
    digest: Digest
    patches: tuple[PatchLine, ...] = Field(min_length=1, max_length=MOST)


class ReportClue(Command):
    """The police hand a clue from an old case to a county, which checks it like a patch."""

    kind: Literal["report_clue"] = "report_clue"
    clue: PatchId
    county: Words
    text: Reason
    reference: Words | None = None


class ConfirmPatch(Command):
    """The county confirms a patch or clue: as the new site of its survey (`digest`), or as a site that is known."""

    kind: Literal["confirm_patch"] = "confirm_patch"
    patch: PatchId
    site: SiteId
    digest: Digest | None = None
    missed: bool = False

    @property
    def survey(self) -> str:
        """The survey that has the new site alone."""
        return survey_of_patch(self.patch)


class RefutePatch(Command):
    """The county refutes a patch or clue, with the reason."""

    kind: Literal["refute_patch"] = "refute_patch"
    patch: PatchId
    reason: Reason
    evidence: Words | None = None


def clue_of(command: ReportClue, city: str) -> Patch:
    """A clue as Postgres keeps it, beside the patches."""
    return Patch(
        id=command.clue,
        batch="clue",
        source=command.reference or "",
        city=city,
        county=command.county,
        place=command.county,
        note=command.text,
        clue=True,
    )


def survey_of_patch(patch: str) -> str:
    """The id of the survey that adds the site of a confirmed patch."""
    return f"patch-{patch}"


class PatchesIssued(Event):
    """Each of `patches` is to be settled by `due`."""

    kind: Literal["patches_issued"] = "patches_issued"
    batch: str
    source: str
    digest: str
    patches: tuple[PatchLine, ...]
    due: Instant
    clauses: ClauseNames = new_field({})


class ClueReported(Event):
    """The clue is to be settled by `due`."""

    kind: Literal["clue_reported"] = "clue_reported"
    clue: str
    county: str
    text: str
    reference: str | None = new_field(None)
    due: Instant
    clauses: ClauseNames = new_field({})


class PatchConfirmed(Event):
    """`known`: the register had the site before."""

    kind: Literal["patch_confirmed"] = "patch_confirmed"
    patch: str
    site: str
    known: bool = new_field(False)


class PatchRefuted(Event):
    kind: Literal["patch_refuted"] = "patch_refuted"
    patch: str
    reason: str
    evidence: str | None = new_field(None)


class PatchesOverdue(Event):
    """These are not settled in time: `told` is the place of the level that is told now."""

    kind: Literal["patches_overdue"] = "patches_overdue"
    patches: tuple[str, ...]
    told: int


class OpenPatch(StoredModel):
    """A patch or clue that is to be settled; part of the city's state. `told` counts the levels that were told."""

    county: str
    batch: str | None = None
    since: Instant
    due: Instant
    next_due: Instant | None = None
    told: int = 0
    clauses: ClauseNames = new_field({})


class BatchState(StoredModel):
    """A batch in a city's state, with how many of its patches are settled in which way."""

    source: str
    digest: str
    issued: int
    settled: dict[str, int] = {}


class SweepState(StoredModel):
    """What a city remembers of the sweep; the contents are in Postgres."""

    open: dict[str, OpenPatch] = {}
    settled: dict[str, str] = {}
    """Settled patch or clue to its `Outcome`."""
    batches: dict[str, BatchState] = {}
    clues: int = 0


class SweepFacts(StoredModel):
    """The counts of a city's sweep: `issued` patches and clues are open, or settled in one of three ways."""

    issued: int
    clues: int = 0
    """How many of them are clues of the police."""
    confirmed: int = 0
    known: int = 0
    refuted: int = 0
    open: int = 0
    overdue: int = 0
    """How many of the open ones were told of as overdue."""


SWEEP = Option(
    name="sweep",
    subject="city",
    commands={
        "issue_patches": IssuePatches,
        "report_clue": ReportClue,
        "confirm_patch": ConfirmPatch,
        "refute_patch": RefutePatch,
    },
    events=(PatchesIssued, ClueReported, PatchConfirmed, PatchRefuted, PatchesOverdue),
    permits={
        "issue_patches": at(RUNNING_CITY, BY_PROVINCE),
        "report_clue": at(RUNNING_CITY, BY_POLICE),
        "confirm_patch": at(RUNNING_CITY, BY_COUNTY),
        "refute_patch": at(RUNNING_CITY, BY_COUNTY),
    },
    rows_after="lift",
    command_events={
        "issue_patches": ("patches_issued",),
        "report_clue": ("clue_reported",),
        "confirm_patch": ("patch_confirmed", "survey_added"),
        "refute_patch": ("patch_refuted",),
    },
)
