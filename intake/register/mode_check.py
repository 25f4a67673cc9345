"""A row's modes and plans against the plan's option `modes`, and the cells that say them."""

from decimal import Decimal
from typing import Any

from intake.files import wording
from intake.register.cells import Unfit, code, number
from intake.register.mapping import Source
from schemas.modes import (
    FUNDING_WORDS,
    MU_PER_HA,
    RESTORATION_WORDS,
    FundingMode,
    RestorationMode,
    known_modes,
    read_mode,
)
from schemas.options.modes import allowed_by, holds, is_allowed, pairs_in_words
from schemas.plan import Plan

COLUMNS = ("restoration_mode", "funding_mode", "planned_cny", "planned_ha", "planned_mu")
PAIRS = {"modes": ("restoration_mode", "funding_mode"), "planned_land": ("planned_ha", "planned_mu")}
"""Faults that are about two columns."""


def of_plan(found: dict[str, Source], plan: Plan) -> dict[str, Source]:
    """The sources without the columns of modes where the plan has none: such a register is read as it always was."""
    return found if plan.modes is not None else {field: s for field, s in found.items() if field not in COLUMNS}


def restoration_mode(text: str) -> RestorationMode:
    """A restoration mode by its English or Chinese word."""
    found = read_mode(RESTORATION_WORDS, text)
    if found is None:
        raise Unfit(wording.restoration_mode(known_modes(RESTORATION_WORDS)))
    return found


def funding_mode(text: str) -> FundingMode:
    """A funding mode by its English or Chinese word."""
    found = read_mode(FUNDING_WORDS, text)
    if found is None:
        raise Unfit(wording.funding_mode(known_modes(FUNDING_WORDS)))
    return found


def exact(text: str) -> Decimal:
    """A decimal number, exactly as it is written; a comma between thousands or a unit is unfit."""
    number(text)
    return Decimal(code(text))


class ModeCheck:
    """What a row's modes must be, by its plan; nothing where the plan has none."""

    def __init__(self, plan: Plan) -> None:
        self._catalogue = plan.catalogue
        self._allowed = None if plan.modes is None else allowed_by(plan.modes)

    def __call__(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        """Notes what is wrong with the row's modes and its planned land in `faulty`."""
        if self._allowed is None:
            return
        ha, mu = values.get("planned_ha"), values.get("planned_mu")
        if ha is not None and mu is not None and ha * MU_PER_HA != mu:
            faulty["planned_land"] = wording.same_area(ha, ha * MU_PER_HA)
        if "restoration_mode" in faulty or "funding_mode" in faulty:
            return
        restoration, funding = values.get("restoration_mode"), values.get("funding_mode")
        if not is_allowed(self._allowed, restoration, funding):
            faulty["modes"] = wording.modes_allowed(pairs_in_words(self._allowed))
        elif restoration is not None and funding is not None and not self._has_work(values, restoration, funding):
            faulty["modes"] = wording.MODES_WITHOUT_WORK

    def _has_work(self, values: dict[str, Any], restoration: str, funding: str) -> bool:
        kinds = {problem.kind for problem in values.get("problems", ())}
        return any(
            (not entry.site_types or values.get("type") in entry.site_types)
            and (not entry.problems or not kinds.isdisjoint(entry.problems))
            and holds(entry, restoration, funding)
            for entry in self._catalogue
        )
