"""What a site or a city is, beyond where it stands: kept beside its state row, summed by status and reports."""

from schemas.base import Kept


class SiteFacts(Kept):
    """Every field is optional and left out while it says nothing; None instead of facts where there are none."""


class CityFacts(Kept):
    """The same for a city."""
