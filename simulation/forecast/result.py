"""The result of a forecast."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schemas.ledger import DocumentDraft, LedgerEntry, SiteRow
from schemas.options.joint import SigningFacts
from schemas.options.patrol import PatrolFacts
from schemas.phase_status import PhaseStatus
from simulation.behaviour.temperament import Temperament
from simulation.outcome.sections import Outcome


@dataclass(frozen=True, slots=True)
class DayCount:
    """Sites by stage at the end of a day (their sum is the register); `climbed` and `documents` count that day only."""

    day: date
    by_stage: dict[str, int]
    climbed: int
    documents: int


@dataclass(frozen=True, slots=True)
class CityForecast:
    """The end of a city; closed and carried over add up to its sites."""

    code: str
    name: str
    sites: int
    closed: int
    carried_over: int
    opened: bool
    """Whether its deployment was approved in time: sites that never opened are all carried over."""
    climbed: int
    """Its sites that climbed the ladder at least once."""


@dataclass(frozen=True, slots=True)
class CommandCount:
    """Commands by their fate; those that were turned down at once changed nothing and are not in the ledger."""

    taken: int
    turned_down: int
    refused: int
    """Kept as refused in the ledger, as `CampaignStatus.refused` counts them."""
    gone: int
    """Sent to a subject that was settled already."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of a campaign. `ledger` has the entries by stream if they were requested, else it is empty."""

    campaign_id: str
    temperament: Temperament
    seed: int
    rows: dict[str, SiteRow]
    """The final state of every site, by site id."""
    documents: tuple[DocumentDraft, ...]
    days: tuple[DayCount, ...]
    """To the day of the last entry: with a patrol, cities run beyond the closing report."""
    cities: tuple[CityForecast, ...]
    commands: CommandCount
    entries: int
    """Ledger entries of all streams."""
    closed_at: datetime
    outcome: Outcome
    ledger: dict[str, list[LedgerEntry]] = field(default_factory=dict)
    patrols: dict[str, PatrolFacts] = field(default_factory=dict)
    """City code to the facts of its patrol, where one began."""
    phases: tuple[PhaseStatus, ...] = ()
    """As they stand when the campaign is closed."""
    signing: tuple[SigningFacts, ...] = ()
    """The signatures of the agencies under a joint plan."""
    signed_in: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The plan's time zone, in which their days are given."""
    issued_at: datetime | None = None
    """When the plan was issued; None if an agency never signed it."""

    @property
    def closed(self) -> int:
        return sum(city.closed for city in self.cities)

    @property
    def carried_over(self) -> int:
        return sum(city.carried_over for city in self.cities)

    @property
    def reopened(self) -> dict[str, int]:
        """Cause to the number of reopenings (schemas.reopening)."""
        causes = Counter[str]()
        for row in self.rows.values():
            if row.facts is not None:
                causes.update(row.facts.reopened)
        return dict(sorted(causes.items()))
