"""Checks one row of a survey's register: its id is new, and the site is either newly found or missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from intake.register import wording
from intake.register.mapping import Source
from intake.register.row_check import ReadRow, RowCheck
from schemas.identity import folded
from schemas.options.surveys import Found, marked
from schemas.plan import Plan
from schemas.register import Site


@dataclass(frozen=True)
class SurveyContext:
    """The survey that the rows belong to; `found` applies to rows that do not have it.

    `taken` maps the ids that exist already to a description of where.
    """

    survey: str
    found: Found | None = None
    taken: Mapping[str, str] = field(default_factory=dict)
    standing: Sequence[Site] = ()
    """The sites that the campaign has, where they are known: a survey may bring one of them again."""


class SurveyCheck(RowCheck):
    """Checks rows as `RowCheck` does, and marks the sites with the survey."""

    def __init__(self, file: str, plan: Plan, sources: dict[str, Source], width: int, context: SurveyContext) -> None:
        super().__init__(file, plan, sources, width)
        self._context = context
        self._taken = {folded(one): where for one, where in context.taken.items()}

    def site(self, read: ReadRow) -> Site | None:
        site = super().site(read)
        if site is None:
            return None
        found = Found.NEWLY if site.newly_found else Found.MISSED if site.missed else self._context.found
        assert found is not None  # without it the row is faulty
        return marked(site, self._context.survey, found)

    def _check_found(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        super()._check_found(values, faulty)
        is_said = values.get("newly_found") or values.get("missed") or self._context.found is not None
        if not is_said and not {"newly_found", "missed"} & faulty.keys():
            faulty["found"] = wording.FOUND_SOMEHOW
        if "id" not in faulty and (where := self._taken.get(folded(values.get("id", "")))) is not None:
            faulty["id"] = wording.id_new(where)

    def _fields(self, field: str) -> tuple[str, ...]:
        return ("newly_found", "missed") if field == "found" else super()._fields(field)
