"""What a workflow under a stepped clock answers to a step."""

from schemas.base import Instant, StoredModel

STEP = "step"
"""The name of the message, and the key of `Stepped` in the state of its answer."""


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
