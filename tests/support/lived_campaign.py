"""The life of a campaign by the pure aggregates, as the batches that the engine records; without a database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rules.city.aggregate import CityAggregate
from rules.command_results import Received
from rules.site.aggregate import SiteAggregate
from rules.terms.plan import campaign_terms, city_terms, site_terms
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.calendar import Clause, DayUnit
from schemas.campaign import CampaignTerms
from schemas.city import CityName
from schemas.clock import Clock
from schemas.documents.document import RenderedDocument
from schemas.ladder import Instrument, Rung
from schemas.ledger import DocumentDraft, LedgerEntry, RecordBatch
from schemas.plan import FrozenPlan, Phase
from schemas.register import Problem, Site
from tests.support.small_campaign import Diary, city, frozen_plan

CLOCK = Clock()
ISSUED = datetime(2021, 7, 17, 1, tzinfo=UTC)
APPROVED = datetime(2021, 7, 26, 2, tzinfo=UTC)
AFTER_THE_END = datetime(2021, 11, 2, 1, tzinfo=UTC)
MID_CAMPAIGN = datetime(2021, 9, 6, 10, tzinfo=UTC)
HOSTILE = ("<script>alert(1)</script>", '"><img src="http://evil.example/x.png">', '=HYPERLINK("http://evil.example")')
DIGEST = "ab" * 32
WEEKS_OF_DOCUMENTS = 6


def days(amount: int, unit: DayUnit = DayUnit.CALENDAR_DAYS) -> Clause:
    return Clause(amount=amount, unit=unit)


def a_plan(language: str = "zh-CN") -> FrozenPlan:
    """Three cities, two overlapping phases, a ladder of two rungs."""
    base = frozen_plan("henan", "豫公通〔2021〕1号")
    changes = {
        "language": language,
        "title": "废弃矿山集中整治百日行动 <工作方案>",
        "cities": (city("410400", "平顶山市"), city("410600", "鹤壁市"), city("411200", "三门峡市")),
        "phases": (
            Phase(id="survey", title="排查建账", starts_on=date(2021, 7, 17), ends_on=date(2021, 8, 15)),
            Phase(id="works", title="集中整治", starts_on=date(2021, 8, 10), ends_on=date(2021, 10, 31)),
        ),
        "ladder": (
            Rung(rung=1, instrument=Instrument.REMINDER_LETTER, after=days(1, DayUnit.WORKING_DAYS)),
            Rung(rung=2, instrument=Instrument.SUPERVISION_ORDER, after=days(5, DayUnit.WORKING_DAYS)),
        ),
    }
    return base.model_copy(update={"plan": base.plan.model_copy(update=changes)})


def a_register(sites: int) -> list[Site]:
    """Sites of three cities in turn. Three that nobody works on have hostile names; every second id looks a number."""
    names = {3 + 8 * place: name for place, name in enumerate(HOSTILE)}
    return [
        Site(
            id=f"00{number}" if number % 2 else f"豫-{number:03}",
            name=names.get(number, f"{number}号矿井"),
            city=("410400", "410600", "411200")[number % 3],
            county="鲁山县",
            type="open_pit",
            area_ha=1.5,
            problems=(Problem(kind="adit", count=2),),
            responsible=("@乡政府",),
        )
        for number in range(sites)
    ]


class Life:
    """The commands to one site by day; they depend on the number of the site only."""

    def __init__(self, frozen: FrozenPlan, site: Site, number: int) -> None:
        self.case = SiteAggregate(site_terms(frozen, site, APPROVED, CLOCK))
        self.number = number
        self.entries: list[LedgerEntry] = []

    def live_until(self, as_of: datetime) -> None:
        now = APPROVED
        while now <= as_of and not self.case.settled:
            told = [Received(command, now) for command in self._told(now)]
            self.entries.extend(self.case.advance(told, now).entries)
            now += timedelta(days=1)
        if not self.case.settled:
            self.entries.extend(self.case.advance([], as_of).entries)

    def _told(self, now: datetime) -> list[cmd.Command]:
        day = (now - APPROVED).days
        common: dict[str, Any] = {"command_id": f"{self.number}-{day}", "effective_at": now}
        county = Actor(id="county-1", role=Role.COUNTY, unit="鲁山县")
        expert = Actor(id="expert-1", role=Role.EXPERT, unit="专家组")
        province = Actor(id="province-1", role=Role.PROVINCE, unit="省厅")
        work, slow = 3 + 4 * self.number, self.number % 4
        if slow == 3 and self.number % 8 == 3:
            return []  # nobody ever works here
        if day == 2 and slow == 2:
            return [cmd.Suspend(actor=province, reason="汛期", **common)]
        if day == 12 and slow == 2:
            return [cmd.Resume(actor=province, **common)]
        if day == 1 and self.number == 4:
            return [cmd.Verify(actor=expert, level="county", passed=True, **common)]  # much too early: refused
        if day in (work + 12, work + 40):
            evidence = (cmd.Evidence(ref="photo"),)
            return [cmd.CompleteTask(actor=county, requirement="seal", quantity=2, evidence=evidence, **common)]
        if day == work + 14 + 10 * slow:
            return [cmd.Verify(actor=expert, level="county", passed=slow != 1, opinion="封堵不严", **common)]
        if day == work + 44:
            return [cmd.Verify(actor=expert, level="county", passed=True, **common)]
        return []


def city_burst(campaign: CampaignTerms, city: CityName) -> tuple[RecordBatch, list[RenderedDocument]]:
    """The plan arrives, the deployment is submitted and approved; then a reminder and an order a week."""
    desk = CityAggregate(city_terms(campaign, city, ISSUED))
    mayor = Actor(id="mayor", role=Role.CITY, unit=city.name)
    province = Actor(id="province-1", role=Role.PROVINCE, unit="省厅")
    submitted = APPROVED - timedelta(days=2)
    submit = cmd.SubmitDeployment(command_id="s", actor=mayor, effective_at=submitted, opinion="实施意见")
    approve = cmd.ApproveDeployment(command_id="a", actor=province, effective_at=APPROVED)
    entries = desk.advance([], ISSUED).entries
    entries += desk.advance([Received(submit, submitted)], submitted).entries
    entries += desk.advance([Received(approve, APPROVED)], APPROVED).entries
    drafts = tuple(
        DocumentDraft(
            key=f"{city.code}:{kind}:{week}",
            city=city.code,
            kind=kind,
            rung=rung,
            sites=("豫-000",),
            issued_at=APPROVED + timedelta(weeks=week),
        )
        for week in range(WEEKS_OF_DOCUMENTS)
        for kind, rung in (("reminder", 0), ("supervision_order", 2))
    )
    rendered = [
        RenderedDocument(key=d.key, subject="=督办", text="t", html="h", addressee=city.name, recipients=())
        for d in drafts
    ]
    burst = RecordBatch(
        campaign_id="henan",
        subject="city",
        city=city.code,
        entries=tuple(entries),
        city_row=desk.row(),
        documents=drafts,
    )
    return burst, rendered


def lives(frozen: FrozenPlan, register: list[Site], as_of: datetime) -> Iterator[Life]:
    """Every site's life until this moment."""
    for number, site in enumerate(register):
        life = Life(frozen, site, number)
        life.live_until(as_of)
        yield life


def bursts(
    frozen: FrozenPlan, register: list[Site], as_of: datetime
) -> Iterator[tuple[RecordBatch, list[RenderedDocument]]]:
    """Cities, sites and one anchor, as the engine would record them."""
    campaign = campaign_terms(frozen, ISSUED, CLOCK)
    for place in campaign.cities:
        yield city_burst(campaign, place)
    for site, life in zip(register, lives(frozen, register, as_of), strict=True):
        entries = tuple(life.entries)
        yield (
            RecordBatch(campaign_id="henan", subject="site", city=site.city, entries=entries, site=life.case.row()),
            [],
        )
    anchor = Diary("campaign/henan")
    anchor.write("anchored", {"digest": DIGEST, "streams": 27, "entries": 99, "snapshot": "1:1:"}, APPROVED)
    yield RecordBatch(campaign_id="henan", subject="campaign", city=None, entries=tuple(anchor.entries)), []
