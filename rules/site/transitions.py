"""Which command a stage of a site takes: the core's entries and those of every option."""

from collections.abc import Mapping

from schemas.errors import Refused
from schemas.options.registry import OPTIONS, OptionTable
from schemas.site.transitions import TRANSITIONS
from schemas.stages import Stage

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


def _commands_of() -> dict[str, tuple[str, ...]]:
    table = dict(_COMMANDS_OF)
    for option in OPTIONS.of("site"):
        table.update(option.command_events)
    return table


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
