"""What the parts of a plan that concern documents must not contradict: issuers, series, approvers, levels."""

import re
from collections.abc import Iterator, Sequence

from schemas.ladder import Behaviour, Briefing, Instrumental, Rung
from schemas.offices import AddresseeLevel, Agency, Approver

_SERIES = re.compile(r"[\w.·-]+( [\w.·-]+)*")
"""What stands before the year in a number: letters of any script, digits, dots, dashes, single spaces."""

_LEVELS = tuple(AddresseeLevel)

Named = tuple[str, Instrumental]


def contradictions(
    agencies: Sequence[Agency], ladder: Sequence[Rung], behaviour: Behaviour | None, briefing: Briefing | None
) -> Iterator[str]:
    """Every fault as `path: what`, the path as the plan's file has it."""
    named: list[Named] = [(f"ladder[{index}]", rung) for index, rung in enumerate(ladder)]
    named += [(f"behaviour.{conduct}", one) for conduct, one in behaviour or () if one is not None]
    yield from _of_series(agencies)
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
