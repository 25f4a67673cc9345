"""One row of a survey's register: new in its campaign, and either newly found or missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from intake.files import wording
from intake.files.faults import Fault
from intake.register.mapping import Source
from intake.register.row_check import RowCheck
from schemas.options.surveys import Found, marked
from schemas.plan import Plan
from schemas.register import Site


@dataclass(frozen=True)
class Marking:
    """The survey that rows belong to; `found` stands for rows that do not say it.

    `taken` has the ids that are sites already, each with the words for where.
    """

    survey: str
    found: Found | None = None
    taken: Mapping[str, str] = field(default_factory=dict)


class SurveyCheck(RowCheck):
    """Checks rows as any register's, and marks them."""

    def __init__(self, file: str, plan: Plan, sources: dict[str, Source], width: int, marking: Marking) -> None:
        super().__init__(file, plan, sources, width)
        self._marking = marking

    def __call__(self, row: int, texts: Sequence[str]) -> tuple[Site | None, list[Fault]]:
        site, faults = super().__call__(row, texts)
        if site is None:
            return None, faults
        said = Found.NEWLY if site.newly_found else Found.MISSED if site.missed else self._marking.found
        assert said is not None  # else the row is faulty
        return marked(site, self._marking.survey, said), faults

    def _check_found(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        super()._check_found(values, faulty)
        is_said = values.get("newly_found") or values.get("missed") or self._marking.found is not None
        if not is_said and not {"newly_found", "missed"} & faulty.keys():
            faulty["found"] = wording.FOUND_SOMEHOW
        if "id" not in faulty and (where := self._marking.taken.get(values.get("id", ""))) is not None:
            faulty["id"] = wording.id_new(where)

    def _fields(self, field: str) -> tuple[str, ...]:
        return ("newly_found", "missed") if field == "found" else super()._fields(field)
