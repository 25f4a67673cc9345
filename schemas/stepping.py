"""The answer of a workflow under a stepped clock to a step."""

from schemas.base import Instant, StoredModel

STEP = "step"
"""The name of the message, and the key of `Stepped` in the state of its answer."""

STEP_SIGNAL = "step_signal"
"""The name of the update that receives a command like a signal (without validation) and answers like a step."""


class Touched(StoredModel):
    """An executed effect, by its class in `rules.effects`, and the subject that it names, if any."""

    effect: str
    sites: tuple[str, ...] = ()
    survey: str | None = None
    check: str | None = None
    county: str | None = None
    """The fields of an opening of sites (`rules.effects.OpenSites`)."""
    only: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    surveys: tuple[str, ...] = ()


class Stepped(StoredModel):
    """When the workflow is due next (None: only by a message), and the effects since its last answer.

    `seq` is the number of its last ledger entry.
    """

    seq: int
    next_due: Instant | None
    touched: tuple[Touched, ...] = ()
