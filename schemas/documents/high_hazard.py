"""A line of the daily list of a city's open sites of high hazard."""

from datetime import datetime
from typing import Any, NamedTuple


class OpenSite(NamedTuple):
    """An open site of high hazard; `due` is the deadline that is awaited, `clauses` has its clause as JSON."""

    site: str
    name: str
    county: str
    stage: str
    due: datetime | None
    suspended: bool
    responsible: tuple[str, ...]
    clauses: dict[str, Any]
