"""What columns that count sites by stage are headed, as wide as the terminal allows."""

from commands.tables import console
from schemas.status import STAGES

_LONG = tuple(stage.replace("_", " ") for stage in STAGES)
_SHORT = ("reg.", "rect.", "ver.", "closed", "over")


def stage_heads(columns: int) -> tuple[str, ...]:
    """One head a stage, in the order of `STAGES`; short ones on a terminal of fewer `columns`."""
    return _LONG if console().width >= columns else _SHORT
