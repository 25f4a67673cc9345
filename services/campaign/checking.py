"""Reads and validates plan and register, and selects the rows that may be started."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from intake.check import CheckReport, check
from intake.files.grid import TablePlace
from intake.files.sheets import ANYWHERE
from intake.register.register_file import BadRow, RegisterResult
from runtime.real_time import real_now
from schemas.errors import InvalidInput
from schemas.given_time import GivenDay, given_day
from schemas.options.surveys import PlannedSurvey
from schemas.plan import FrozenPlan, Plan
from schemas.register import RejectedRow, Site
from services.campaign.bad_rows import write_bad_rows
from services.common.feedback import FaultsFound, Progress, unwatched
from services.common.files import replacing
from services.common.text import counted


@dataclass(frozen=True)
class Sound:
    """A valid plan and register; `bad_file` is the file of the rejected rows.

    `provisional` is the number of the plan's clauses that can reach days whose holidays are not published yet.
    """

    frozen: FrozenPlan
    sites: tuple[Site, ...]
    rejected: tuple[RejectedRow, ...] = ()
    bad_file: Path | None = None
    provisional: int = 0
    surveys: tuple[PlannedSurvey, ...] = ()
    """The announced survey rounds, which a rehearsal simulates."""
    register: RegisterResult | None = None
    """How the register was read."""


def checked(
    plan: Path,
    register: Path | None,
    map_: Path | None,
    starts_on: GivenDay | None,
    progress: Progress = unwatched,
    place: TablePlace = ANYWHERE,
) -> CheckReport:
    """The report on both files; NotFound for a missing file. `starts_on` is a day of the plan's time zone."""
    starts = None if starts_on is None else partial(given_day, starts_on, real_now())
    with progress("checking the register") as advanced:
        return check(plan, register, map_, advanced, starts, place)


def sound_plan(plan: Path) -> Plan:
    """A plan without a register; FaultsFound if it has faults."""
    report = checked(plan, None, None, None)
    if report.faults or report.frozen is None:
        raise FaultsFound(report.faults, f"{counted(len(report.faults), 'fault')}; correct what is listed")
    return report.frozen.plan


def startable(report: CheckReport, skip_bad: bool) -> Sound:
    """The good rows, and with `skip_bad` the bad ones as rejected.

    FaultsFound for faults that may not be skipped; InvalidInput for a register without a good row.
    """
    if report.faults and not (skip_bad and report.may_skip_bad):
        hint = " or skip the bad rows with --skip-bad" if report.may_skip_bad else ""
        raise FaultsFound(
            report.faults, f"{counted(len(report.faults), 'fault')}; nothing was started. Correct what is listed{hint}"
        )
    assert report.frozen is not None and report.register is not None  # else there were faults
    good, bad = report.register.sites, report.register.bad_rows
    if not good:
        raise InvalidInput(f"{report.register.file}: the register has no good row; there is nothing to start")
    rejected = tuple(_rejected(row, report.register.header) for row in bad)
    surveys = report.rounds.planned
    return Sound(
        report.frozen,
        good,
        rejected,
        provisional=len(report.provisional),
        surveys=surveys,
        register=report.register,
    )


def with_bad_rows_kept(sound: Sound, report: CheckReport, register: Path, target: Path | None) -> Sound:
    """The same, with the bad rows written to a file: by default the register's name with .bad.csv."""
    if not sound.rejected or report.register is None:
        return sound
    chosen = target or Path(f"{register.stem}.bad.csv")
    _keep_bad_rows(chosen, report.register)
    return replace(sound, bad_file=chosen)


def _keep_bad_rows(target: Path, result: RegisterResult) -> None:
    """Write the bad rows; a file with other content is not replaced, since somebody may be correcting it."""
    with replacing(target, "; nothing was started") as unfinished:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_bad_rows(unfinished, result)
        if target.exists() and target.read_bytes() != unfinished.read_bytes():
            raise InvalidInput(
                f"{target}: is there already with other content; nothing was started. "
                "Move it away, or name another file with --bad-rows"
            )


def _rejected(bad: BadRow, header: tuple[str, ...]) -> RejectedRow:
    names = [name or f"column {place}" for place, name in enumerate(header, 1)]
    names += [f"column {place}" for place in range(len(header) + 1, len(bad.cells) + 1)]
    raw = dict(zip(names, bad.cells, strict=False))
    return RejectedRow(row=bad.row, faults=tuple(f"{f.column}: expected {f.expected}" for f in bad.faults), raw=raw)
