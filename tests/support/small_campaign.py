"""A small campaign for the tests of storage, and the batches that its subjects record."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.actor import ENGINE, Actor, Role
from schemas.calendar import Calendar, Clause, DayUnit
from schemas.canonical import canonical_json, entry_hash
from schemas.clock import Clock
from schemas.documents.document import RenderedDocument
from schemas.ledger import CityRow, DocumentDraft, LedgerEntry, Notice, RecordBatch, SiteRow
from schemas.offices import Agency, City, Recipient
from schemas.plan import CatalogueEntry, Clauses, FrozenPlan, Phase, Plan, Verification, VerificationLevel
from schemas.register import Site
from storage.campaigns import create_campaign
from storage.connections import Pool

START = datetime(2021, 7, 17, 1, tzinfo=UTC)
ACTOR = canonical_json(ENGINE.model_dump(mode="json"))


def frozen_plan(campaign: str = "henan", number: str = "豫公通〔2021〕1号", **changes: Any) -> FrozenPlan:
    """A plan of two cities; its digest follows the changes."""
    days = Clause(amount=30, unit=DayUnit.CALENDAR_DAYS)
    plan = Plan(
        id=campaign,
        title="废弃矿山集中整治百日行动",
        document_number=number,
        issuing_agencies=(Agency(name="公安厅"),),
        province="河南省",
        starts_on=date(2021, 7, 17),
        ends_on=date(2021, 10, 31),
        clauses=Clauses(deployment=days, rectification=days, re_rectification=days),
        catalogue=(CatalogueEntry(id="seal", title="封堵井口", unit="个"),),
        cities=(city("410400", "平顶山市"), city("410600", "鹤壁市")),
        verification=Verification(levels=(VerificationLevel(id="county", by=Role.COUNTY, title="县级"),)),
    ).model_copy(update=changes)
    digest = f"digest of {plan.model_dump_json()}"
    return FrozenPlan(plan=plan, calendar=Calendar(time_zone="Asia/Shanghai"), digest=digest)


def city(code: str, name: str) -> City:
    return City(code=code, name=name, lead="市长", recipients=(Recipient(name="市政府"),))


def phase(name: str, starts_on: date, ends_on: date) -> Phase:
    return Phase(id=name, title=name, starts_on=starts_on, ends_on=ends_on)


def site(number: int, code: str = "410400") -> Site:
    return Site(id=f"点位-{number:04}", name=f"{number}号矿", city=code, county="鲁山县", type="open_pit", area_ha=1.5)


async def start_campaign(pool: Pool, sites: int = 4, campaign: str = "henan", number: str = "1号") -> list[Site]:
    """A campaign whose sites belong to its two cities in turn."""
    register = [site(number, ("410400", "410600")[number % 2]) for number in range(sites)]
    await create_campaign(pool, frozen_plan(campaign, number), register, Clock())
    return register


class Diary:
    """Writes one stream: each entry follows the one before, as by the aggregates."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.entries: list[LedgerEntry] = []

    def write(
        self, kind: str, data: dict[str, Any] | None = None, at: datetime | None = None, actor: Actor = ENGINE
    ) -> LedgerEntry:
        seq = len(self.entries) + 1
        prev_hash = self.entries[-1].hash if self.entries else ""
        at = at or START + timedelta(hours=seq, microseconds=seq)
        text, who = canonical_json(data or {}), canonical_json(actor.model_dump(mode="json"))
        proof = entry_hash(prev_hash, self.stream, seq, kind, at, at, who, text)
        self.entries.append(
            LedgerEntry(
                stream=self.stream, seq=seq, kind=kind, at=at, received_at=at, actor=who, data=text,
                prev_hash=prev_hash, hash=proof,
            )
        )  # fmt: skip
        return self.entries[-1]


class SiteDiary(Diary):
    """A site that reports: every batch has some entries and the row after them."""

    def __init__(self, subject: Site, campaign: str = "henan") -> None:
        super().__init__(f"site/{campaign}/{subject.id}")
        self.subject = subject
        self.campaign = campaign

    def burst(self, entries: int = 1, notices: tuple[Notice, ...] = (), **state: Any) -> RecordBatch:
        written = tuple(
            self.write("task_reported", {"note": "封堵 2 个井口", "quantity": 0.1, "requirement": "seal"})
            for _ in range(entries)
        )
        return RecordBatch(
            campaign_id=self.campaign,
            subject="site",
            city=self.subject.city,
            entries=written,
            site=site_row(self.subject.id, len(self.entries), **{"county": self.subject.county, **state}),
            notices=notices,
        )


def site_row(site_id: str, seq: int, **state: Any) -> SiteRow:
    usual: dict[str, Any] = {
        "stage": "rectifying", "round": 1, "level": None, "rung": 0, "suspended": False, "due_at": None,
        "opened_at": START, "settled_at": None, "requirements": 3, "requirements_done": 1, "extensions": 0,
        "suspensions": 0,
    }  # fmt: skip
    return SiteRow(site_id=site_id, seq=seq, **(usual | state))


def city_row(code: str, seq: int, **state: Any) -> CityRow:
    usual: dict[str, Any] = {
        "deployment": "approved", "deployment_due": START, "submitted_at": START, "receipt_signed_at": START,
        "opened": True, "settled": False,
    }  # fmt: skip
    return CityRow(code=code, seq=seq, **(usual | state))


def notice(key: str, site_id: str, at: datetime = START, kind: str = "climbed", rung: int = 1) -> Notice:
    return Notice(key=key, site_id=site_id, kind=kind, rung=rung, at=at, data={"due": "2021-08-16"})


def draft(key: str, code: str = "410400", sites: tuple[str, ...] = (), kind: str = "climbed") -> DocumentDraft:
    return DocumentDraft(key=key, city=code, kind=kind, rung=1, issued_at=START, sites=sites, data={"n": 1})


def rendered(key: str) -> RenderedDocument:
    return RenderedDocument(
        key=key, subject="督办函", text="请于期限内整改。", html="<p>请于期限内整改。</p>",
        addressee="平顶山市人民政府", recipients=(Recipient(name="市政府", email="city@example.org"),),
    )  # fmt: skip
