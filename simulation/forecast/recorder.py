"""Records the results of a forecast: final rows, documents, the burn-down, and the ledger if it is requested."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from rules.calendar import days_between, end_of, local_date, start_of
from rules.command_results import Outcome
from rules.site.aggregate import SiteAggregate
from schemas.actor import Actor
from schemas.event import Event
from schemas.ledger import CampaignRow, DocumentDraft, LedgerEntry, SiteRow
from schemas.options.patrol import PatrolFacts
from schemas.phase_status import PHASE_EVENTS, phase_statuses
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.site.transitions import TRANSITIONS
from schemas.stages import Stage
from schemas.status import STAGES
from simulation.behaviour.actions import Reply, ReplyStatus
from simulation.behaviour.temperament import Temperament
from simulation.forecast.outcome import outcome_of
from simulation.forecast.result import CityForecast, CommandCount, DayCount, Forecast
from simulation.outcome.load import LoadCounter

_actor = lru_cache(10_000)(Actor.model_validate_json)

_WORK = ("task_reported", "verification_requested")
"""As in `storage/sql/phases/measures.sql`."""


class ForecastRecorder:
    """The simulator passes each outcome; `forecast` returns the sum."""

    def __init__(
        self,
        frozen: FrozenPlan,
        sites: Sequence[Site],
        temperament: Temperament,
        seed: int,
        progress: Callable[[int, int], None] | None,
        *,
        keep_ledger: bool,
    ) -> None:
        self._frozen = frozen
        self._temperament = temperament
        self._seed = seed
        self._progress = progress
        self._keep_ledger = keep_ledger
        self._sites = list(sites)
        self._loads = LoadCounter(frozen.plan.zone)
        self._register = Counter(site.city for site in sites)
        self._added = 0
        """Sites that surveys have added."""
        self.rows: dict[str, SiteRow] = {}
        """Settled site to its final row."""
        self._stage: dict[str, str] = {}
        self._moves: dict[date, Counter[str]] = {}
        self._climbs: Counter[date] = Counter()
        self._climbed_sites: dict[str, set[str]] = {city.code: set() for city in frozen.plan.cities}
        self._opened: set[str] = set()
        self._in_work: set[str] = set()
        self._of_phases: list[tuple[datetime, Event]] = []
        self._ended: dict[str, Counter[str]] = {city.code: Counter() for city in frozen.plan.cities}
        self._documents: dict[str, DocumentDraft] = {}
        """Documents by key, in the order of issue; drafts that are not approved (yet) are among them."""
        self._ledger: dict[str, list[LedgerEntry]] = {}
        self._entries = 0
        self._refused = 0
        self._last = start_of(frozen.calendar, frozen.plan.starts_on)
        """The latest event time of all entries."""
        self._replies: Counter[ReplyStatus] = Counter()
        self._day = 0
        self._next_day = end_of(frozen.calendar, frozen.plan.starts_on)

    @property
    def ended(self) -> Counter[str]:
        """Sites of all cities that are closed or carried over."""
        return sum(self._ended.values(), Counter())

    def ended_in(self, city: str) -> Counter[str]:
        """Sites of one city that are closed or carried over."""
        return self._ended[city]

    def stage_of(self, site: str) -> str:
        """The stage of a site."""
        return self._stage.get(site, "registered")

    def is_in_work(self, site: str) -> bool:
        """Whether work was reported at a site, or its verification requested."""
        return site in self._in_work

    def listed(self, key: str) -> tuple[str, ...]:
        """The sites that a document lists; none if there is no such document."""
        document = self._documents.get(key)
        return document.sites if document is not None else ()

    def rung_of(self, key: str) -> int:
        """The rung of a document that was drafted or issued."""
        return self._documents[key].rung

    def advance_to(self, now: datetime) -> None:
        """Campaign time has reached `now`: report each day that ended before."""
        while now >= self._next_day:
            self._day += 1
            plan = self._frozen.plan
            if self._progress is not None:
                days = (plan.ends_on - plan.starts_on).days + 1
                self._progress(min(self._day, days), days)
            self._next_day = end_of(self._frozen.calendar, local_date(self._frozen.calendar, self._next_day))

    def add_sites(self, sites: Sequence[Site]) -> None:
        """Add the sites of a survey to the register, today."""
        if sites:
            today = local_date(self._frozen.calendar, self._next_day) - timedelta(days=1)
            self._moves.setdefault(today, Counter())["registered"] += len(sites)
            self._register.update(site.city for site in sites)
            self._sites += sites
            self._added += len(sites)

    def count_reply(self, reply: Reply) -> None:
        """Count the reply to an action."""
        self._replies[reply.status] += 1

    def site(self, aggregate: SiteAggregate, outcome: Outcome) -> None:
        """Record an outcome of a site."""
        self._keep(outcome)
        site, city = aggregate.terms.site_id, aggregate.terms.city
        for entry in outcome.entries:
            before = self.stage_of(site)
            stage = TRANSITIONS[Stage(before), entry.kind]
            if stage != before:
                moves = self._moves.setdefault(local_date(self._frozen.calendar, entry.at), Counter())
                moves[before] -= 1
                moves[stage] += 1
                self._stage[site] = stage
                if stage == "rectifying":
                    self._opened.add(city)
                if entry.kind == "reopened" and (row := self.rows.pop(site, None)) is not None:
                    self._ended[city][row.stage] -= 1
            if entry.kind in _WORK:
                self._in_work.add(site)
            if entry.kind == "climbed":
                self._climbs[local_date(self._frozen.calendar, entry.at)] += 1
                self._climbed_sites[city].add(site)
        if aggregate.settled and site not in self.rows:
            self.rows[site] = aggregate.row()
            self._ended[city][aggregate.state.stage] += 1

    def record_documents(self, outcome: Outcome) -> None:
        """Record an outcome of a city, of the campaign or of a spot check."""
        self._keep(outcome)
        for entry in outcome.entries:
            if (model := PHASE_EVENTS.get(entry.kind)) is not None:
                self._of_phases.append((entry.at, model.model_validate_json(entry.data)))
        for document in outcome.documents:
            self._documents.pop(document.key, None)  # an issued draft moves to the place of its issue
            self._documents[document.key] = document
        for row in outcome.document_rows.values():
            document = self._documents[row.key]
            self._documents[row.key] = document.model_copy(update={"state": row.state, "progress": row.progress})

    def _keep(self, outcome: Outcome) -> None:
        self._entries += len(outcome.entries)
        self._refused += sum(entry.kind == "refused" for entry in outcome.entries)
        self._last = max([self._last, *(entry.at for entry in outcome.entries)])
        for entry in outcome.entries:
            # The entry of a site is a trace, which has its actor, where no ledger is kept.
            by = _actor(entry.actor) if isinstance(entry, LedgerEntry) else entry.by
            self._loads.add(entry.kind, entry.at, by.role, by.unit)
        if self._keep_ledger:
            for entry in outcome.entries:
                self._ledger.setdefault(entry.stream, []).append(entry)

    def forecast(self, campaign: CampaignRow, patrols: dict[str, PatrolFacts]) -> Forecast:
        """The forecast of a campaign that has closed, with the patrols by city."""
        closed_at = campaign.closed_at
        assert closed_at is not None  # nothing is due any more, so the campaign has closed
        return Forecast(
            campaign_id=self._frozen.plan.id,
            temperament=self._temperament,
            seed=self._seed,
            rows=self.rows,
            documents=tuple(self._documents.values()),
            days=self._burn_down(local_date(self._frozen.calendar, max(closed_at, self._last))),
            cities=tuple(self._cities()),
            commands=CommandCount(
                taken=self._replies[ReplyStatus.ACCEPTED],
                turned_down=self._replies[ReplyStatus.REFUSED],
                refused=self._refused,
                gone=self._replies[ReplyStatus.GONE],
            ),
            entries=self._entries,
            closed_at=closed_at,
            outcome=outcome_of(self._frozen.plan, self._sites, self.rows, self._documents.values(), self._loads),
            ledger=self._ledger,
            patrols=patrols,
            phases=tuple(phase_statuses(self._frozen.plan, self._of_phases, closed_at)),
            signing=campaign.signing,
            signed_in=self._frozen.plan.zone,
            issued_at=campaign.issued_at,
        )

    def _burn_down(self, last: date) -> tuple[DayCount, ...]:
        calendar, issued = self._frozen.calendar, Counter[date]()
        for document in self._documents.values():
            # What was issued before the first day, to be signed, counts with it.
            issued[max(local_date(calendar, document.issued_at), self._frozen.plan.starts_on)] += 1
        stages = dict.fromkeys(STAGES, 0) | {"registered": self._register.total() - self._added}
        days = []
        for day in days_between(self._frozen.plan.starts_on, last):
            for stage, change in self._moves.get(day, {}).items():
                stages[stage] += change
            days.append(DayCount(day, dict(stages), self._climbs[day], issued[day]))
        return tuple(days)

    def _cities(self) -> list[CityForecast]:
        return [
            CityForecast(
                code=city.code,
                name=city.name,
                sites=self._register[city.code],
                closed=self._ended[city.code]["closed"],
                carried_over=self._ended[city.code]["carried_over"],
                opened=city.code in self._opened,
                climbed=len(self._climbed_sites[city.code]),
            )
            for city in self._frozen.plan.cities
        ]
