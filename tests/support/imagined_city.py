"""A city and a campaign whose effects are performed in memory, in order.

Lists stand for the runner and its activities (gather, open, settle, anchor).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rules.campaign.aggregate import CampaignAggregate
from rules.city.aggregate import CityAggregate
from rules.city.aggregate import Observation as CityObservation
from rules.command_results import Outcome
from rules.effects import (
    CountSettled,
    Effect,
    GatherNotices,
    NumberDocuments,
    OpenSites,
    ReconcileSites,
    SettleSites,
    TakeAnchor,
    TakePhaseMeasures,
)
from schemas import commands as cmd
from schemas.calendar import named
from schemas.campaign import CampaignTerms
from schemas.city import CityName, CityTerms
from schemas.clock import Clock
from schemas.documents.document import Lot
from schemas.documents.terms import DocumentTerms
from schemas.ledger import DocumentDraft, Notice
from schemas.offices import AddresseeLevel
from schemas.options.phases import PhaseReport
from schemas.work import (
    AnchorReport,
    CountReport,
    Gathered,
    Numbered,
    ReconcileReport,
    SettledReport,
    SitesOpenedReport,
)
from tests.support.sample_terms import CITY, HENAN, UNITS, Life, calendar_days, deadline, on, working

PAPERS = DocumentTerms(
    plan_number="1号", series="豫", receipt=working(1), levels={AddresseeLevel.HEAD.value: (CITY.unit,)}
)
"""A city of which only the head is named: documents ask for no signature, and the head's office signs for the plan."""


def numbered(effect: NumberDocuments, given: dict[str, int]) -> Numbered:
    """The next numbers of one series; `given` keeps them."""
    for key, _ in effect.wanted:
        given.setdefault(key, len(given) + 1)
    return Numbered(at=effect.at, year=effect.year, numbers={key: given[key] for key, _ in effect.wanted})


def city_terms(**changes: Any) -> CityTerms:
    """A city that the plan reached on Monday 19 July 2021 at nine."""
    usual: dict[str, Any] = {
        "campaign_id": "henan-2021",
        "code": "410400",
        "name": "平顶山市",
        "issued_at": on(7, 19, 9),
        "receipt_due": deadline(7, 20),
        "deployment_due": deadline(7, 26),
        "deployment": working(5),
        "deployment_decision": working(3),
        "ends_at": deadline(10, 31),
        "receipt": working(1),
        "amendment": 0,
        "late_report": calendar_days(3),
        "reconcile_every_days": 1,
        "calendar": HENAN,
        "clock": Clock(),
        "surveys": False,
        "documents": PAPERS,
        "units": UNITS,
    }
    return CityTerms(**(usual | changes))


def city_name(code: str, name: str) -> CityName:
    """A city as the campaign's terms name it."""
    return CityName(code=code, name=name, levels=PAPERS.levels, units=UNITS)


def campaign_terms(**changes: Any) -> CampaignTerms:
    """A campaign of two cities, issued on Saturday 17 July 2021 at nine."""
    usual: dict[str, Any] = {
        "campaign_id": "henan-2021",
        "plan_digest": "digest",
        "issues_at": on(7, 17, 9),
        "ends_at": deadline(10, 31),
        "cities": (city_name("410400", "平顶山市"), city_name("410600", "鹤壁市")),
        "receipt": working(1),
        "deployment": working(5),
        "deployment_decision": working(5),
        "late_report": calendar_days(3),
        "amendment": 0,
        "calendar": HENAN,
        "clock": Clock(),
        "surveys": False,
        "starts_on": date(2021, 7, 17),
        "documents": PAPERS,
        "units": UNITS,
    }
    return CampaignTerms(**(usual | changes))


@dataclass
class SiteNotice:
    """A notice of a site: pending from `at` until a document lists it."""

    site: str
    kind: str
    rung: int
    at: datetime
    document: str | None = None


@dataclass
class CityLife(Life):
    """A city, the notices of its sites, and the performed effects."""

    core: CityAggregate
    sites: list[str] = field(default_factory=lambda: ["a", "b"])

    def __post_init__(self) -> None:
        super().__init__(self.core)
        self.done: list[Effect] = []
        self.documents: list[DocumentDraft] = []
        self.waiting: list[SiteNotice] = []
        self.numbers: dict[str, int] = {}
        self.lost: tuple[str, ...] = ()
        self.stuck_until: datetime | None = None
        """Until then one site does not settle."""

    def at(self, now: datetime, *commands: cmd.Command | cmd.Unreadable, received: datetime | None = None) -> Outcome:
        outcome = super().at(now, *commands, received=received)
        self._perform(outcome.effects)
        return outcome

    def keep(self, outcome: Outcome) -> None:
        super().keep(outcome)
        self.documents.extend(outcome.documents)
        self.notices.extend(outcome.notices)

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self.done.append(effect)
            observation = self._observation(effect)
            if observation is not None:
                outcome = self.core.observe(observation, self.now)
                self.keep(outcome)
                self._perform(outcome.effects)

    def _observation(self, effect: Effect) -> CityObservation | None:
        match effect:
            case NumberDocuments():
                return numbered(effect, self.numbers)
            case OpenSites():
                clauses = named(due=self.core.terms.deployment)  # any clause that the city knows
                return SitesOpenedReport(sites=len(self.sites), due=deadline(9, 30), clauses=clauses)
            case GatherNotices(at):
                return Gathered(at=at, lots=self._lots(at))
            case ReconcileSites(at):
                return ReconcileReport(at=at, restarted=self.lost)
            case SettleSites(at, _):
                # A running site settles at the end by itself, at a stop when it is notified.
                heard = at if at >= self.core.terms.ends_at else self.now
                stuck = self.stuck_until is not None and self.now < self.stuck_until
                told = {notice.site for notice in self.waiting if notice.kind == "carry_over"}
                settled = [site for site in (self.sites[1:] if stuck else self.sites) if site not in told]
                self.waiting.extend(SiteNotice(site, "carry_over", 0, heard) for site in settled)
                return SettledReport(at=at, closed=0, carried_over=len(told) + len(settled), open=int(stuck))
            case _:
                return None

    def _lots(self, at: datetime) -> tuple[Lot, ...]:
        taken = [n for n in self.waiting if n.at <= at and n.document is None]
        for notice in taken:
            notice.document = f"{notice.kind}:{notice.rung}:{at}"
        groups = sorted({(n.kind, n.rung) for n in taken})
        return tuple(
            Lot(kind=kind, rung=rung, sites=tuple(sorted({n.site for n in taken if (n.kind, n.rung) == (kind, rung)})))
            for kind, rung in groups
        )

    def of_effect(self, kind: type[Any]) -> list[Any]:
        return [effect for effect in self.done if isinstance(effect, kind)]

    def issued(self) -> list[tuple[str, datetime]]:
        return [(d.kind, d.issued_at) for d in self.documents]


@dataclass
class CampaignLife(Life):
    """A campaign and its performed effects; `settled_cities` is the report of the next anchor."""

    core: CampaignAggregate

    def __post_init__(self) -> None:
        super().__init__(self.core)
        self.done: list[Effect] = []
        self.documents: list[DocumentDraft] = []
        self.numbers: dict[str, int] = {}
        self.settled_cities: tuple[str, ...] = ()
        self.notices: list[Notice] = []
        self.measures: Callable[[TakePhaseMeasures], PhaseReport] | None = None

    def at(self, now: datetime, *commands: cmd.Command | cmd.Unreadable, received: datetime | None = None) -> Outcome:
        outcome = super().at(now, *commands, received=received)
        self._perform(outcome.effects)
        return outcome

    def keep(self, outcome: Outcome) -> None:
        super().keep(outcome)
        self.documents.extend(outcome.documents)

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self.done.append(effect)
            observation = self._observation(effect)
            if observation is not None:
                outcome = self.core.observe(observation, self.now)
                self.keep(outcome)
                self._perform(outcome.effects)

    def _observation(self, effect: Effect) -> AnchorReport | CountReport | Numbered | PhaseReport | None:
        match effect:
            case NumberDocuments():
                return numbered(effect, self.numbers)
            case TakeAnchor(at):
                return AnchorReport(
                    at=at, digest="d", streams=3, entries=9, snapshot="1:1:", settled_cities=self.settled_cities
                )
            case CountSettled(at):
                return CountReport(at=at, closed=60, carried_over=20)
            case TakePhaseMeasures() if self.measures is not None:
                return self.measures(effect)
            case _:
                return None

    def of_effect(self, kind: type[Any]) -> list[Any]:
        return [effect for effect in self.done if isinstance(effect, kind)]
