"""The re-split of targets while a campaign runs: what an amendment of it leaves in the ledger (schemas.targets)."""

from schemas.base import StoredModel
from schemas.event import new_field
from schemas.option import Option
from schemas.quantity import Sum


class TargetMove(StoredModel):
    """A unit's target before and after an amendment, in the unit of each; None where the split has it not.

    The province has no city, a city no county, a county no township.
    """

    city: str = new_field("")
    county: str = new_field("")
    township: str = new_field("")
    before: Sum | None = None
    after: Sum | None = None

    @property
    def moves(self) -> bool:
        return self.before != self.after


TARGETS = Option(name="targets", subject="campaign")
