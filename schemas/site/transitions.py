"""The stages of a site as one table: the core's entries and those of every option."""

from collections.abc import Mapping
from enum import StrEnum

from schemas.options.registry import OPTIONS, OptionTable
from schemas.stages import Stage

_R, _V = Stage.RECTIFYING, Stage.VERIFYING


_TRANSITIONS: dict[tuple[StrEnum, str], StrEnum] = {
    (Stage.REGISTERED, "opened"): _R,
    (_R, "task_reported"): _R,
    (_R, "verification_requested"): _V,
    (_V, "task_reported"): _V,
    (_V, "level_passed"): _V,
    (_V, "level_failed"): _R,
    (_V, "closed"): Stage.CLOSED,
    (_R, "extended"): _R,
    (_R, "suspended"): _R,
    (_V, "suspended"): _V,
    (_R, "resumed"): _R,
    (_V, "resumed"): _V,
    (_R, "reminded"): _R,
    (_R, "climbed"): _R,
    (_R, "rung_issued"): _R,
    (_V, "rung_issued"): _V,
    (_R, "rung_withdrawn"): _R,
    (_V, "rung_withdrawn"): _V,
    (_R, "climb_held"): _R,
    (_V, "climb_held"): _V,
    (_V, "acceptance_overdue"): _V,
    (_R, "record_corrected"): _R,
    (_V, "record_corrected"): _V,
    (Stage.REGISTERED, "carried_over"): Stage.CARRIED_OVER,
    (_R, "carried_over"): Stage.CARRIED_OVER,
    (_V, "carried_over"): Stage.CARRIED_OVER,
    (Stage.CLOSED, "reopened"): _R,
    (_R, "amended"): _R,
    (_V, "amended"): _V,
    (_V, "verification_recalled"): _R,
    (Stage.CARRIED_OVER, "reinstated"): _R,
    (Stage.CARRIED_OVER, "verification_reinstated"): _V,
    **{(stage, "refused"): stage for stage in Stage},
}


def _transitions() -> dict[tuple[Stage, str], Stage]:
    table = dict(_TRANSITIONS)
    for option in OPTIONS.of("site"):
        table.update(option.transitions)
    return {(Stage(stage), kind): Stage(after) for (stage, kind), after in table.items()}


TRANSITIONS: Mapping[tuple[Stage, str], Stage] = OptionTable(_transitions)
"""(stage, event kind) -> stage. An event that has no entry does not happen at that stage."""


def _stage_after() -> dict[str, Stage]:
    found: dict[str, Stage] = {}
    for (stage, kind), after in TRANSITIONS.items():
        if stage is not after:
            found[kind] = after
    return found


STAGE_AFTER: Mapping[str, Stage] = OptionTable(_stage_after)
"""Event kind to the stage after it, of the kinds that move a site from a stage to another."""
