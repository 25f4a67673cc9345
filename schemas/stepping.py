"""What a workflow under a stepped clock answers to a step."""

from schemas.base import Instant, StoredModel

STEP = "step"
"""The name of the message, and the key of `Stepped` in the state of its answer."""

STEP_SIGNAL = "step_signal"
"""The name of the update that takes in a command as a signal does (no validation) and answers as a step does."""


class Touched(StoredModel):
    """An effect that was carried out, by its class in `rules.effects`, and whom it concerned, as far as it says so."""

    effect: str
    sites: tuple[str, ...] = ()
    survey: str | None = None
    check: str | None = None


class Stepped(StoredModel):
    """When the workflow is due next (None: not by itself), and the effects since its last answer.

    `seq` is the number of its last ledger entry.
    """

    seq: int
    next_due: Instant | None
    touched: tuple[Touched, ...] = ()
