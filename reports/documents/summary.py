"""The summary of the file of documents: counts by instrument, by city and by rung."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.documents.document import DocumentState
from schemas.ladder import Instrument
from schemas.plan import Plan
from storage.document_file import DocumentFileEntry


@dataclass(frozen=True, slots=True)
class CityCounts:
    """A city's documents: issued ones by instrument (in the order of `Summary.instruments`), and late ones."""

    code: str
    name: str
    by_instrument: tuple[int, ...]
    others: int
    drafts: int
    unsigned: int
    unanswered: int
    dead: int

    @property
    def issued(self) -> int:
        return sum(self.by_instrument) + self.others


@dataclass(frozen=True, slots=True)
class RungCounts:
    """A rung's documents. Receipts are counted by unit, replies by document that asks for one."""

    rung: int
    kind: str
    issued: int
    sites: int
    signed_in_time: int
    signed_late: int
    unsigned: int
    replied_in_time: int
    replied_late: int
    unanswered: int
    lifted: int
    not_issued: int


@dataclass(frozen=True, slots=True)
class Summary:
    """`instruments` are those that the plan uses, in ascending order of severity."""

    instruments: tuple[Instrument, ...]
    cities: tuple[CityCounts, ...]
    total: CityCounts
    rungs: tuple[RungCounts, ...]
    numbered: int


def summarise_documents(plan: Plan, entries: Sequence[DocumentFileEntry], as_of: datetime) -> Summary:
    """The counts of a campaign's documents as of an instant; '' is the city of documents of the whole campaign."""
    used = {called for entry in entries for called in (entry.instrument or entry.kind,)} | {
        rung.instrument.value for rung in plan.ladder
    }
    instruments = tuple(one for one in Instrument if one.value in used)
    named = [(city.code, city.name) for city in plan.cities]
    if any(not entry.city for entry in entries):
        named.append(("", plan.province))
    by_city: dict[str, list[DocumentFileEntry]] = {code: [] for code, _ in named}
    for entry in entries:
        by_city.setdefault(entry.city, []).append(entry)
    cities = tuple(_city(code, name, by_city[code], instruments, as_of) for code, name in named)
    ladder = [(rung.rung, rung.instrument.value) for rung in plan.ladder]
    return Summary(
        instruments=instruments,
        cities=cities,
        total=_city("", "", entries, instruments, as_of),
        rungs=tuple(_rung(rung, kind, entries) for rung, kind in ladder),
        numbered=sum(entry.number is not None for entry in entries),
    )


def _city(
    code: str, name: str, entries: Sequence[DocumentFileEntry], instruments: Iterable[Instrument], as_of: datetime
) -> CityCounts:
    issued = [entry.instrument or entry.kind for entry in entries if entry.state.was_issued]
    by_instrument = tuple(issued.count(one.value) for one in instruments)
    return CityCounts(
        code=code,
        name=name,
        by_instrument=by_instrument,
        others=len(issued) - sum(by_instrument),
        drafts=sum(entry.state is DocumentState.DRAFTED for entry in entries),
        unsigned=sum("receipt" in entry.overdue(as_of) for entry in entries),
        unanswered=sum("reply" in entry.overdue(as_of) for entry in entries),
        dead=sum(bool(entry.dead_letters) for entry in entries),
    )


def _rung(rung: int, kind: str, entries: Iterable[DocumentFileEntry]) -> RungCounts:
    of_rung = [entry for entry in entries if (entry.rung, entry.kind) == (rung, kind)]
    issued = [entry for entry in of_rung if entry.state.was_issued]
    signed = [(at, e.progress.receipt_due) for e in issued for at in e.progress.signed.values()]
    signed_late = sum(due is not None and at > due for at, due in signed)
    replies = [(e.progress.replies[0].at, e.progress.reply_due) for e in issued if e.progress.replies]
    replied_late = sum(due is not None and at > due for at, due in replies)
    return RungCounts(
        rung=rung,
        kind=kind,
        issued=len(issued),
        sites=sum(len(entry.sites) for entry in issued),
        signed_in_time=len(signed) - signed_late,
        signed_late=signed_late,
        unsigned=sum(len(entry.unsigned) for entry in issued),
        replied_in_time=len(replies) - replied_late,
        replied_late=replied_late,
        unanswered=sum(e.progress.reply_due is not None and not e.progress.replies for e in issued),
        lifted=sum(entry.progress.lifted_at is not None for entry in issued),
        not_issued=len(of_rung) - len(issued),
    )
