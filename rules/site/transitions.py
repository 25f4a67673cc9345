"""The stages of a site as one table, and which command a stage takes: the core's entries and those of every option."""

from collections.abc import Mapping
from enum import StrEnum

from schemas.errors import Refused
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
    **{(stage, "refused"): stage for stage in Stage},
}


_COMMANDS_OF: dict[str, tuple[str, ...]] = {
    "complete_task": ("task_reported",),
    "verify": ("level_passed", "level_failed", "closed"),
    "extend": ("extended",),
    "suspend": ("suspended",),
    "resume": ("resumed",),
    "carry_over": ("carried_over",),
    "correct": ("record_corrected",),
    "reopen": ("reopened",),
}


_UNLISTED = frozenset({"correct", "reopen"})
"""Commands of the core that a refusal does not list: a correction moves nothing, and the engine alone reopens."""


def _transitions() -> dict[tuple[Stage, str], Stage]:
    table = dict(_TRANSITIONS)
    for option in OPTIONS.of("site"):
        table.update(option.transitions)
    return {(Stage(stage), kind): Stage(after) for (stage, kind), after in table.items()}


def _commands_of() -> dict[str, tuple[str, ...]]:
    table = dict(_COMMANDS_OF)
    for option in OPTIONS.of("site"):
        table.update(option.command_events)
    return table


TRANSITIONS: Mapping[tuple[Stage, str], Stage] = OptionTable(_transitions)
"""(stage, event kind) -> stage. An event that has no entry does not happen at that stage."""


COMMANDS_OF: Mapping[str, tuple[str, ...]] = OptionTable(_commands_of)
"""Command to the kinds of events that may follow from it."""


def require_stage(stage: Stage, command: str) -> None:
    """Raises Refused if no event of the command leaves this stage; it lists the commands of the core that may be sent.

    Commands of options are not listed: many plans do not know them, and the page of the option says where they stand.
    """
    if any((stage, event) in TRANSITIONS for event in COMMANDS_OF[command]):
        return
    allowed = [
        known
        for known, kinds in _COMMANDS_OF.items()
        if known not in _UNLISTED and any((stage, kind) in TRANSITIONS for kind in kinds)
    ]
    raise Refused(f"{command} is not allowed while the site is {stage}; allowed: {', '.join(allowed) or 'nothing'}")
