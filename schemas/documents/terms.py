"""The plan's terms of documents, resolved for a city by `rules.terms.documents`."""

from schemas.base import StoredModel
from schemas.calendar import Clause
from schemas.event import new_field


class InstrumentTerms(StoredModel):
    """The plan's terms for documents of one kind and rung; see `schemas.ladder.Instrumental`."""

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
    reply_holds_without_day: Clause | None = new_field(None)
    lifting: str | None = None
    lifting_within: Clause | None = None
    publication: Clause | None = None
    after: Clause | None = None
    """For a unit's conduct: the clause from the missed deadline."""
    weeks: int | None = None
    """For the ranking: the number of consecutive briefings at the bottom."""
    agencies: tuple[str, ...] = new_field(())
    """Of a joint instrument: the agencies that issue it, each of which signs its draft `within` the clause."""
    within: Clause | None = new_field(None)

    @property
    def issuers(self) -> tuple[str, ...]:
        """Who issues it, and may lift it."""
        return self.agencies or ((self.issuer,) if self.issuer else ())

    @property
    def waits(self) -> bool:
        """Whether it is a draft first."""
        return bool(self.approver or self.agencies)


class DocumentTerms(StoredModel):
    """How a city's documents are numbered, signed for and followed up.

    `levels` are the units of the city by the level of addressees; `series` and `receipt` are for
    documents that are no instruments.
    """

    language: str = "zh-CN"
    plan_number: str = ""
    series: str
    receipt: Clause
    instruments: tuple[InstrumentTerms, ...] = ()
    levels: dict[str, tuple[str, ...]] = {}
