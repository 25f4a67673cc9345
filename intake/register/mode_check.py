"""Checks a row's modes and plans against the plan's option `modes`, and converts the cells that contain them."""

from typing import Any

from intake.files.faults import InvalidCell
from intake.register import wording
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

COLUMNS = ("restoration_mode", "funding_mode", "planned_cny", "planned_wan", "planned_ha", "planned_mu")
PAIRS = {"modes": ("restoration_mode", "funding_mode"), "planned_land": ("planned_ha", "planned_mu")}
"""Pseudo-fields for faults that concern two columns."""


def of_plan(found: dict[str, Source], plan: Plan) -> dict[str, Source]:
    """The sources without the columns of modes if the plan lacks the option: these columns are then ignored."""
    return found if plan.modes is not None else {field: s for field, s in found.items() if field not in COLUMNS}


def restoration_mode(text: str) -> RestorationMode:
    """A restoration mode from its English or Chinese word."""
    found = read_mode(RESTORATION_WORDS, text)
    if found is None:
        raise InvalidCell(wording.restoration_mode(known_modes(RESTORATION_WORDS)))
    return found


def funding_mode(text: str) -> FundingMode:
    """A funding mode from its English or Chinese word."""
    found = read_mode(FUNDING_WORDS, text)
    if found is None:
        raise InvalidCell(wording.funding_mode(known_modes(FUNDING_WORDS)))
    return found


class ModeCheck:
    """Checks a row's modes against its plan; does nothing if the plan lacks the option."""

    def __init__(self, plan: Plan) -> None:
        self._catalogue = plan.catalogue
        self._allowed = None if plan.modes is None else allowed_by(plan.modes)

    def __call__(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        """Adds the faults of the row's modes and its planned land to `faulty`."""
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
