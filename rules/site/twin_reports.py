"""Reports that look like an earlier one of the site: a form sent twice under two command ids, or a photo used again.

They are accepted, since two works may be alike; the warning names the earlier report. Reports are compared by the times
that their senders give, accepted or not: old work that arrives together was not done in one minute.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rules.calendar import local_date
from rules.site.state import SiteState, WorkReport, ref_digest
from rules.site.work import in_force
from schemas.quantity import written
from schemas.site.commands import CompleteTask
from schemas.site.terms import SiteTerms

_SHOWN = 80
"""Characters of a reference in a warning."""


def twin_warnings(terms: SiteTerms, state: SiteState, command: CompleteTask, said_at: datetime) -> Iterator[str]:
    """One warning for the first report of which this may be the twin, and one for each further photo used before."""
    mine = {(one.phase.value, ref_digest(one.ref)): one.ref for one in command.evidence}
    refs = {digest: ref for (_, digest), ref in mine.items()}
    alike = _with_photos(state, refs) if refs else _within_the_minute(state, command, said_at)
    if not alike and len(refs) == len(mine):
        return
    named: set[str] = set()
    for command_id, report in alike:
        photos = {pair[1]: mine[pair] for pair in _photos(report) if pair in mine}
        if report.requirement == command.requirement and (photos or not refs):
            yield _twin(terms, state, command_id, report, list(photos.values()))
            named.update(photos)
            break
    for digest, ref in refs.items():
        if digest not in named:
            yield from _used_elsewhere(terms, alike, digest, ref)
    if len(refs) < len(mine):
        for digest, ref in refs.items():
            if len(phases := [phase for phase, its in mine if its == digest]) > 1:
                yield f"{_named([ref])} stands for {' and '.join(phases)} in this report: is it the right photo?"


def _with_photos(state: SiteState, refs: Mapping[str, str]) -> list[tuple[str, WorkReport]]:
    """The reports that have one of these photos."""
    digests = refs.keys()
    return [known for known in state.reports.items() if not digests.isdisjoint(known[1].refs)]


def _within_the_minute(state: SiteState, command: CompleteTask, said_at: datetime) -> list[tuple[str, WorkReport]]:
    """The reports of the same quantity in the same minute that have no photo either."""
    minute = said_at.replace(second=0, microsecond=0)
    return [
        (command_id, report)
        for command_id, report in state.reports.items()
        if report.requirement == command.requirement
        and report.quantity == command.quantity
        and not report.refs
        and report.said_at.replace(second=0, microsecond=0) == minute
    ]


def _twin(terms: SiteTerms, state: SiteState, command_id: str, report: WorkReport, photos: list[str]) -> str:
    unit = next((r.unit for r in in_force(terms, state) if r.id == report.requirement), "")
    why = f"the same {_named(photos)}" if photos else "the same quantity in the same minute"
    return (
        f"this looks like report {command_id!r} of {local_date(terms.calendar, report.said_at)} "
        f"({written(report.quantity)} {unit} of {report.requirement!r}): it has {why}. Both count. Works that are told "
        "apart have photos of their own; if it was one work, say so to the level that verifies it, since no command "
        "takes a report back"
    )


def _used_elsewhere(terms: SiteTerms, alike: Sequence[tuple[str, WorkReport]], digest: str, ref: str) -> Iterator[str]:
    """The first report that has this photo, for another requirement or phase."""
    for command_id, report in alike:
        phase = next((phase for phase, theirs in _photos(report) if theirs == digest), None)
        if phase is not None:
            day = local_date(terms.calendar, report.said_at)
            yield (
                f"{_named([ref])} was sent with report {command_id!r} of {day} already, as {phase} of "
                f"{report.requirement!r}: is it the right photo?"
            )
            return


def _photos(report: WorkReport) -> Iterator[tuple[str, str]]:
    """Phase and digest of each reference."""
    return zip(report.phases, report.refs, strict=False)


def _named(refs: list[str]) -> str:
    shown = ", ".join(ref if len(ref) <= _SHOWN else ref[: _SHOWN - 1] + "…" for ref in refs)
    return f"photo {shown}" if len(refs) == 1 else f"photos {shown}"
