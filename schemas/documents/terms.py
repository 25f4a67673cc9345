"""What a plan says of its documents, resolved for a city: see `rules.terms.plan.documents`."""

from schemas.base import StoredModel
from schemas.calendar import Clause


class InstrumentTerms(StoredModel):
    """What the plan says of the documents of one kind and rung; see `schemas.ladder.Instrumental`."""

    kind: str
    rung: int = 0
    instrument: str
    issuer: str | None = None
    """The agency that issues it, and lifts it."""
    series: str
    level: str
    approver: str | None = None
    superior: str | None = None
    approval: Clause | None = None
    receipt: Clause
    reply: Clause | None = None
    reply_holds: Clause | None = None
    lifting: str | None = None
    lifting_within: Clause | None = None
    publication: Clause | None = None
    after: Clause | None = None
    """For a unit's conduct: how long after the deadline that passed."""
    weeks: int | None = None
    """For the ranking: how many briefings running at its bottom."""


class DocumentTerms(StoredModel):
    """How a city's documents are numbered, signed for and followed up.

    `levels` are the units of the city by the level of addressees; `series` and `receipt` are for what is no instrument.
    """

    language: str = "zh-CN"
    plan_number: str = ""
    series: str
    receipt: Clause
    instruments: tuple[InstrumentTerms, ...] = ()
    levels: dict[str, tuple[str, ...]] = {}
