"""What a core asks its shell to do after the entries are recorded; plain data, carried out in order."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StartCities:
    """Start one city workflow per city; each plan reached its city at `issued_at`."""

    issued_at: datetime


@dataclass(frozen=True, slots=True)
class StopCities:
    """Tell every city that the campaign is stopped."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class TakeAnchor:
    """Take a digest over the heads of all streams."""

    at: datetime


@dataclass(frozen=True, slots=True)
class CountSettled:
    """Count closed and carried-over sites for the closing report."""

    at: datetime


@dataclass(frozen=True, slots=True)
class OpenSites:
    """Start the site workflows of a city, opened at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GatherNotices:
    """Gather what waits for the dispatch at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ReconcileSites:
    """Find sites that are open in the register and have no running workflow."""

    at: datetime


@dataclass(frozen=True, slots=True)
class SettleSites:
    """Carry over what is open (`reason`), as of the end `at`; `again` if a pass before left some open."""

    at: datetime
    reason: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class TellCampaign:
    """Tell the campaign that this city is settled."""

    at: datetime


Effect = (
    StartCities
    | StopCities
    | TakeAnchor
    | CountSettled
    | OpenSites
    | GatherNotices
    | ReconcileSites
    | SettleSites
    | TellCampaign
)
