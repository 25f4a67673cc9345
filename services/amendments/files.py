"""Reads and validates an amendment: its file, the amended plan, and the register of the cities that it adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.amendment_file import ParsedAmendment, amended_plan, read_amendment
from intake.files.faults import Fault
from intake.files.grid import TablePlace
from intake.files.sheets import ANYWHERE
from intake.register.register_file import RegisterResult, read_register
from rules.amendments.plan import added_cities
from rules.calendar import start_of
from schemas.amendments import AmendmentRecord
from schemas.errors import InvalidInput, Refused
from schemas.identity import same_number
from schemas.plan import FrozenPlan
from schemas.register import Site
from services.common.feedback import FaultsFound, Progress, unwatched
from services.common.subjects import Subject, campaign_subject
from services.common.text import counted
from storage.amendments import list_amendments, open_sites, open_sites_of, plan_versions, require_same
from storage.connections import Pool


@dataclass(frozen=True)
class Proposed:
    """A valid amendment of a campaign: `versions` are the plans up to now and, last, the amended one.

    `record` is its row if Postgres has it already; `sites` are those of the cities that it adds.
    """

    subject: Subject
    said: ParsedAmendment
    versions: Sequence[FrozenPlan]
    sites: tuple[Site, ...] = ()
    record: AmendmentRecord | None = None
    register: RegisterResult | None = None
    """How the register of the added cities was read."""

    @property
    def frozen(self) -> FrozenPlan:
        """The amended plan."""
        return self.versions[-1]

    @property
    def added(self) -> tuple[str, ...]:
        """The codes of the cities that it adds."""
        return added_cities(self.versions)

    def counts_from(self, now: datetime) -> datetime:
        """Campaign time `now`, or the first moment of `effective_on` if that is later."""
        on = self.said.amendment.effective_on
        return now if on is None else max(now, start_of(self.frozen.calendar, on))


async def proposed(
    pool: Pool,
    campaign: str,
    file: Path,
    register: Path | None,
    progress: Progress = unwatched,
    place: TablePlace = ANYWHERE,
) -> Proposed:
    """The amendment, validated against the plan in force.

    Raises:
        FaultsFound: the file or the register is invalid.
        InvalidInput: the register has rows of cities that the amendment does not add.
        Refused: its number has another content, or a city that it removes has open sites.
    """
    subject = await campaign_subject(pool, campaign)
    said, faults = read_amendment(file)
    if said is None:
        raise _faulty(faults)
    versions, known = await plan_versions(pool, campaign), await list_amendments(pool, campaign)
    record = next((one for one in known if same_number(one.document_number, said.amendment.document_number)), None)
    if record is not None:
        require_same(record, said.amendment, said.digest)
        if record.heard:
            return Proposed(subject, said, [f for f in versions if f.amendment <= record.amendment], (), record)
        if record.frozen.amendment < versions[-1].amendment:
            raise Refused(
                f"amendment {record.document_number} was written but never heard, and "
                f"another one came after it; give it a new number"
            )
        return Proposed(subject, said, [*versions, record.frozen], (), record)
    frozen, faults = amended_plan(said, versions[-1], len(known) + 1)
    if frozen is None:
        raise _faulty(faults)
    for code in said.amendment.cities.remove:
        if left := await open_sites_of(pool, campaign, code):
            raise Refused(open_sites(code, left))
    found = Proposed(subject, said, [*versions, frozen])
    if register is None:
        return found
    read = _of_added(found, register, progress, place)
    return Proposed(subject, said, found.versions, read.sites, register=read)


def _of_added(found: Proposed, register: Path, progress: Progress, place: TablePlace) -> RegisterResult:
    with progress("checking the register") as advanced:
        read = read_register(register, found.frozen.plan, None, advanced, place=place)
    if read.faults:
        raise _faulty(read.faults)
    others = [site.id for site in read.sites if site.city not in found.added]
    if others:
        raise InvalidInput(
            f"{read.file}: {counted(len(others), 'row')} of cities that the amendment does not add, such as "
            f"{others[0]}; expected rows of {', '.join(found.added) or 'no city: it adds none'}"
        )
    return read


def _faulty(faults: Sequence[Fault]) -> FaultsFound:
    return FaultsFound(faults, f"{counted(len(faults), 'fault')}; nothing was amended. Correct what is listed")
