"""A city and its sites in memory: rungs are climbed, gathered, approved, numbered, issued and replied to.

Lists stand for Postgres, the runner and the signals to sites. They follow the SQL of `storage/sql` and the activities.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from intake.plan.freeze import freeze
from rules.calendar import end_of, is_working_day, local_date, start_of
from rules.city.aggregate import CityAggregate
from rules.city.dispatch import still_overdue
from rules.command_results import Outcome, Received
from rules.documents.numbering import document_key
from rules.effects import GatherNotices, NotifySites, NumberDocuments, OpenSites, ReconcileSites, SettleSites
from rules.site.aggregate import SiteAggregate
from rules.site.escalation import escalation_command
from rules.terms.plan import campaign_terms, city_terms, site_terms
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor, Role
from schemas.city import CityTerms
from schemas.clock import Clock
from schemas.documents.document import DocumentState, Lot, Progress
from schemas.ledger import DocumentDraft, LedgerEntry, Notice
from schemas.plan import FrozenPlan, Plan
from schemas.register import Proposal, Site
from schemas.site.terms import SiteTerms
from schemas.work import Gathered, Numbered, ReconcileReport, SettledReport, SitesOpenedReport

REGISTRY = Actor(id="registry", role=Role.CITY, unit="平顶山市")
ISSUER = Actor(id="issuer", role=Role.PROVINCE, unit="自然资源厅")
CHIEF = Actor(id="chief", role=Role.PROVINCE, unit="厅长")
GOVERNOR = Actor(id="governor", role=Role.SUPERVISOR, unit="分管副省长")
CREW = Actor(id="crew", role=Role.ENTERPRISE, unit="crew")
JUDGE = Actor(id="judge", role=Role.COUNTY, unit="鲁山县")

APPROVER = {"name": "厅长", "superior": {"name": "分管副省长"}}
SETTING_OUT = frozenset({"rectification_notice", "deployment_approved"})
"""What every city receives when its sites open."""

Act = Callable[["EscalatingCity", datetime], None]


def frozen(starts_on: str, ends_on: str, **changes: Any) -> FrozenPlan:
    """A plan of one city that names every office, on the State Council's calendar."""
    usual: dict[str, Any] = {
        "id": "ladder",
        "title": "百日行动",
        "document_number": "1号",
        "issuing_agencies": [{"name": "自然资源厅", "series": "豫自然资督"}, {"name": "公安厅", "series": "豫公督"}],
        "province": "河南省",
        "starts_on": starts_on,
        "ends_on": ends_on,
        "clauses": {
            "deployment": days(10),
            "rectification": days(300),
            "re_rectification": working(10),
            "late_report": days(3),
        },
        "division_codes": "free",
        "catalogue": [{"id": "seal", "title": "封堵", "unit": "处"}],
        "cities": [
            {
                "code": "410400",
                "name": "平顶山市",
                "lead": "平顶山市人民政府",
                "recipients": [{"name": "自然资源局"}, {"name": "公安局"}],
                "deputy_head": {"name": "分管副市长"},
                "head": {"name": "市长"},
            }
        ],
        "verification": {"levels": [{"id": "county", "title": "县级", "by": "county"}]},
    }
    return freeze(Plan.model_validate(usual | changes))


def working(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "working_days"}


def days(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "calendar_days"}


@dataclass
class NoticeRow:
    """A notice in its table."""

    notice: Notice
    document: str | None = None


@dataclass
class EscalatingCity:
    """Runs in order of time; in the spans of `outages` there are neither deadlines nor messages."""

    plan: FrozenPlan
    due: date
    sites: tuple[str, ...] = ("a",)
    deployed: bool = True
    signing: bool = True
    """Whether every unit signs an hour after the dispatch; the documents of the opening are always signed."""
    unreached_until: datetime | None = None
    """Until then no channel delivers."""
    city_first: bool = False
    """Whether the city runs before its sites if both are late, as on different workers."""
    outages: tuple[tuple[datetime, datetime], ...] = ()
    documents: list[DocumentDraft] = field(default_factory=list)
    drafts: dict[str, DocumentDraft] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    states: dict[str, DocumentState] = field(default_factory=dict)
    notices: dict[str, NoticeRow] = field(default_factory=dict)
    entries: list[LedgerEntry] = field(default_factory=list)
    site_entries: dict[str, list[LedgerEntry]] = field(default_factory=dict)
    numbers: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        plan = self.plan.plan
        self.issued_at = start_of(self.plan.calendar, plan.starts_on, self.plan.calendar.office.opens)
        campaign = campaign_terms(self.plan, self.issued_at, Clock())
        self.terms: CityTerms = city_terms(campaign, campaign.cities[0], self.issued_at)
        self.desk = CityAggregate(self.terms)
        self.cases: dict[str, SiteAggregate] = {}
        self.now = self.issued_at
        self._last: Counter[tuple[str, int]] = Counter()
        self._ids = 0
        self._agenda: list[tuple[datetime, Act]] = []
        self._advance_city(self.issued_at)
        if self.deployed:
            self.says(cmd.SignReceipt, REGISTRY)
            self.says(cmd.SubmitDeployment, REGISTRY, opinion="实施意见")
            self.says(cmd.ApproveDeployment, ISSUER)

    # -- time ------------------------------------------------------------------------------------------------------

    def live(self, until: datetime, events: Iterable[tuple[datetime, Act]] = ()) -> None:
        """Run all deadlines and these events, in the order of time; sites before their city."""
        self._agenda.extend(events)
        while True:
            dues = self._dues()
            waking = [(self._awake(due), n) for n, (due, _) in enumerate(dues)]
            heard = [(self._awake(when), n) for n, (when, _) in enumerate(self._agenda)]
            if not (waking or heard) or min(waking + heard)[0] > until:
                self.now = max(self.now, until)
                return
            if waking and (not heard or min(waking)[0] <= min(heard)[0]):
                self.now, n = min(waking)
                dues[n][1]()
            else:
                self.now, n = min(heard)
                meant, act = self._agenda.pop(n)
                act(self, meant)

    def _dues(self) -> list[tuple[datetime, Callable[[], None]]]:
        found: list[tuple[datetime, Callable[[], None]]] = []
        for name, case in self.cases.items():
            due = case.next_due(self.now)
            if due is not None:
                found.append((due, partial(self._site, name)))
        due = self.desk.next_due(self.now)
        if due is not None:
            found.insert(0 if self.city_first else len(found), (due, lambda: self._advance_city(self.now)))
        return found

    def _awake(self, when: datetime) -> datetime:
        for begins, ends in self.outages:
            if begins <= max(when, self.now) < ends:
                return ends
        return max(when, self.now)

    # -- commands -------------------------------------------------------------------------------------------------

    def says(self, kind: type[cmd.Command], actor: Actor, at: datetime | None = None, **said: Any) -> None:
        """A command to the city, effective at `at`, received now."""
        self._ids += 1
        command = kind(command_id=f"c{self._ids}", actor=actor, effective_at=at or self.now, **said)
        self._advance_city(self.now, command)

    def tells(self, site: str, kind: type[cmd.Command], actor: Actor, at: datetime | None = None, **said: Any) -> None:
        """A command to a site, effective at `at`, received now."""
        self._ids += 1
        self._site(site, kind(command_id=f"c{self._ids}", actor=actor, effective_at=at or self.now, **said))

    def newest(self, kind: str) -> str:
        """The key of the newest document or draft of a kind."""
        return next(key for key, draft in reversed(self.drafts.items()) if draft.kind == kind)

    # -- effects --------------------------------------------------------------------------------------------------

    def _advance_city(self, now: datetime, *commands: cmd.Command) -> None:
        outcome = self.desk.advance([Received(c, now) for c in commands], now)
        self.refused += [j.reason for j in outcome.judgements.values() if j.reason]
        self._keep(outcome)

    def _keep(self, outcome: Outcome) -> None:
        self.entries.extend(outcome.entries)
        for draft in outcome.documents:
            self.drafts.pop(draft.key, None)
            self.drafts[draft.key], self.progress[draft.key] = draft, draft.progress
            self.states[draft.key] = draft.state
            if draft.state is DocumentState.ISSUED:
                self.documents.append(draft)
                if (self.signing or draft.kind in SETTING_OUT) and draft.progress.units:
                    self._agenda.append((draft.issued_at + timedelta(hours=1), _signed(draft.key)))
        for key, row in outcome.document_rows.items():
            if key in self.drafts:
                self.progress[key], self.states[key] = row.progress, row.state
        for effect in outcome.effects:
            observation = self._performed(effect)
            if observation is not None:
                self._keep(self.desk.observe(observation, self.now))

    def _performed(self, effect: Any) -> Any:
        match effect:
            case OpenSites(at):
                for name in self.sites:
                    case = SiteAggregate(self._site_terms(name, at))
                    self.cases[name], self.site_entries[name] = case, []
                    self._site(name)
                return SitesOpenedReport(sites=len(self.sites), due=end_of(self.plan.calendar, self.due))
            case GatherNotices():
                return self._gathered(effect)
            case NumberDocuments():
                return self._numbered(effect)
            case NotifySites():
                self._notify_sites(effect)
                return None
            case ReconcileSites(at):
                return ReconcileReport(at=at)
            case SettleSites(at, reason, _):
                for name, case in self.cases.items():
                    if not case.settled:
                        self.tells(name, cmd.CarryOver, ENGINE, reason=reason)
                return SettledReport(at=at, closed=0, carried_over=len(self.cases))
            case _:
                return None

    def _site_terms(self, name: str, opened_at: datetime) -> SiteTerms:
        site = Site(id=name, name=name, city="410400", county="鲁山县", type="pit")
        terms = site_terms(self.plan, site, opened_at, Clock())
        return terms.model_copy(update={"due": end_of(self.plan.calendar, self.due)})

    def _site(self, name: str, *commands: cmd.Command) -> None:
        outcome = self.cases[name].advance([Received(c, self.now) for c in commands], self.now)
        self.refused += [j.reason for j in outcome.judgements.values() if j.reason]
        self.site_entries[name].extend(outcome.entries)
        for notice in outcome.notices:
            assert notice.key not in self.notices, "a notice stands once in a campaign"
            self.notices[notice.key] = NoticeRow(notice)

    def _gathered(self, order: GatherNotices) -> Gathered:
        sealed = {kept.document for kept in self.notices.values()} | self.drafts.keys()
        for kept in self.notices.values():
            n, t = kept.notice, self.terms
            key = document_key(t.campaign_id, t.code, n.kind, n.rung, t.calendar, order.at)
            if kept.document is None and n.at <= order.at and key not in sealed:
                kept.document = key
        today = str(local_date(self.plan.calendar, order.at))
        groups: dict[tuple[str, int, str], list[Notice]] = {}
        for kept in self.notices.values():
            if kept.document and (kept.document.endswith(f":{today}") or kept.document not in self.drafts):
                groups.setdefault((kept.notice.kind, kept.notice.rung, kept.document), []).append(kept.notice)
        return Gathered(
            at=order.at,
            lots=tuple(
                Lot(kind=kind, rung=rung, key=key, sites=tuple(sorted({n.site_id for n in told if n.site_id})))
                for (kind, rung, key), told in sorted(groups.items())
            ),
            overdue={
                **{
                    key: self._still_overdue(self.drafts[key].rung, self.drafts[key].sites, order.at)
                    for key in order.approved
                },
                **{
                    key: self._still_overdue(rung, {n.site_id for n in told if n.site_id}, order.at)
                    for (kind, rung, key), told in groups.items()
                    if (kind, rung) in order.rungs
                },
            },
            unreached=order.chased if self.unreached_until is not None and order.at < self.unreached_until else (),
            open_sites={
                key: sum(self.cases[site].state.stage != "closed" for site in self.drafts[key].sites)
                for key in order.listing
            },
        )

    def _still_overdue(self, rung: int, sites: Iterable[str], at: datetime) -> tuple[str, ...]:
        return still_overdue(rung, (self.cases[site].row() for site in sites), at)

    def _numbered(self, order: NumberDocuments) -> Numbered:
        for key, series in order.wanted:
            if key not in self.numbers:
                self._last[series, order.year] += 1
                self.numbers[key] = (series, order.year, self._last[series, order.year])
        return Numbered(at=order.at, year=order.year, numbers={key: self.numbers[key][2] for key, _ in order.wanted})

    def _notify_sites(self, effect: NotifySites) -> None:
        listed = effect.sites or self.drafts[effect.document].sites
        for site in listed:
            told = [
                k.notice for k in self.notices.values() if (k.document, k.notice.site_id) == (effect.document, site)
            ]
            said = told[-1].data
            self._site(site, escalation_command(effect, Proposal(site, said["round"], said.get("proposal", 1))))

    # -- queries --------------------------------------------------------------------------------------------------

    def ladder(self) -> list[str]:
        """Every document in order of issue, as `09-23 circular 3`; drafts are not issued."""
        calendar = self.plan.calendar
        for document in self.documents:
            day = local_date(calendar, document.issued_at)
            assert is_working_day(calendar, day), f"{document.key} on a day off"
            assert start_of(calendar, day, calendar.office.opens) == document.issued_at, "at the dispatch hour"
        return [
            f"{local_date(calendar, d.issued_at):%m-%d} {d.kind} {d.rung}"
            for d in self.documents
            if d.kind not in SETTING_OUT
        ]

    def of(self, kind: str) -> list[DocumentDraft]:
        return [document for document in self.documents if document.kind == kind]

    def events(self, kind: str) -> list[Any]:
        """The city's entries of a kind, as events."""
        return [self.desk.events[kind].model_validate_json(e.data) for e in self.entries if e.kind == kind]


def _signed(key: str) -> Act:
    return lambda city, _: city.says(cmd.SignReceipt, REGISTRY, document=key)


# -- what may happen, for tables -------------------------------------------------------------------------------------


def approves(kind: str, by: Actor = CHIEF) -> Act:
    return lambda city, at: city.says(cmd.Approve, by, at, document=city.newest(kind))


def rejects(kind: str, by: Actor = CHIEF) -> Act:
    return lambda city, at: city.says(cmd.Reject, by, at, document=city.newest(kind), reason="材料不全")


def signs(kind: str, unit: str | None = None) -> Act:
    return lambda city, at: city.says(cmd.SignReceipt, REGISTRY, at, document=city.newest(kind), unit=unit)


def replies(kind: str, complete_by: date | None = None) -> Act:
    return lambda city, at: city.says(
        cmd.SendReply, REGISTRY, at, document=city.newest(kind), text="正在整改", complete_by=complete_by
    )


def lifts(kind: str) -> Act:
    return lambda city, at: city.says(cmd.Lift, ISSUER, at, document=city.newest(kind), reason="整改到位")


def extends(until: date, effective: datetime | None = None, site: str = "a") -> Act:
    return lambda city, at: city.tells(site, cmd.Extend, ISSUER, effective or at, until=until, reason="暴雨")


def suspends(site: str = "a") -> Act:
    return lambda city, at: city.tells(site, cmd.Suspend, ISSUER, at, reason="洪水")


def resumes(site: str = "a") -> Act:
    return lambda city, at: city.tells(site, cmd.Resume, ISSUER, at)


def works(site: str = "a") -> Act:
    evidence = (cmd.Evidence(ref="p.jpg"),)
    return lambda city, at: city.tells(
        site, cmd.CompleteTask, CREW, at, requirement="seal", quantity=1, evidence=evidence
    )


def closes(site: str = "a") -> Act:
    def act(city: EscalatingCity, at: datetime) -> None:
        works(site)(city, at)
        city.tells(site, cmd.Verify, JUDGE, at, level="county", passed=True)

    return act
