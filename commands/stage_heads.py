"""What columns that count sites by stage are headed, as wide as the terminal allows."""

from commands.tables import console
from schemas.status import STAGES

_LONG = tuple(stage.replace("_", " ") for stage in STAGES)
_SHORT = ("reg.", "rect.", "ver.", "closed", "over")


def is_narrow() -> bool:
    """Whether counts need short heads: below 130 columns."""
    return console().width < 130


def stage_heads() -> tuple[str, ...]:
    """One head a stage, in the order of `STAGES`."""
    return _SHORT if is_narrow() else _LONG
