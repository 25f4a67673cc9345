"""Terms, actors and commands for the tests of the rules, and small drivers that run an aggregate through time."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from rules.aggregate import Aggregate
from rules.amendments.overlay import plain
from rules.calendar import end_of
from rules.command_results import Outcome, Received
from rules.site.aggregate import SiteAggregate
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor, Role, Units
from schemas.amendments import AmendSite
from schemas.answers import Verdict
from schemas.calendar import Calendar, Clause, DayUnit
from schemas.clock import Clock
from schemas.evidence import EvidencePhase
from schemas.ladder import Instrument
from schemas.ledger import LedgerEntry, Notice
from schemas.site.terms import LevelTerms, Requirement, RungTerms, SiteTerms

ZONE = ZoneInfo("Asia/Shanghai")

HENAN = Calendar(
    time_zone="Asia/Shanghai",
    off_days=frozenset(
        [date(2021, 9, day) for day in (19, 20, 21)] + [date(2021, 10, day) for day in (1, 2, 3, 4, 5, 6, 7)]
    ),
    work_days=frozenset([date(2021, 9, 18), date(2021, 9, 26), date(2021, 10, 9)]),
)
"""The days of the Henan campaign by the State Council's order."""


def working(amount: int) -> Clause:
    return Clause(amount=amount, unit=DayUnit.WORKING_DAYS)


def calendar_days(amount: int) -> Clause:
    return Clause(amount=amount, unit=DayUnit.CALENDAR_DAYS)


def on(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of 2021, Henan's time."""
    return datetime.combine(date(2021, month, day), time(hour, minute), ZONE).astimezone(UTC)


def deadline(month: int, day: int) -> datetime:
    return end_of(HENAN, date(2021, month, day))


LADDER = (
    RungTerms(rung=2, instrument=Instrument.SUPERVISION_ORDER, after=calendar_days(1)),
    RungTerms(rung=3, instrument=Instrument.CIRCULAR, after=working(5)),
    RungTerms(rung=4, instrument=Instrument.INTERVIEW, after=working(5)),
)


def person(name: str, role: Role) -> Actor:
    return Actor(id=name, role=role, unit=f"office of {name}")


BUILDER = person("builder", Role.ENTERPRISE)
COUNTY = person("county inspector", Role.COUNTY)
EXPERT = person("expert", Role.EXPERT)
CITY = person("city office", Role.CITY)
PROVINCE = person("province office", Role.PROVINCE)
SUPERVISOR = person("supervisor", Role.SUPERVISOR)

UNITS = Units(
    province=(PROVINCE.unit,),
    supervision=(PROVINCE.unit, SUPERVISOR.unit),
    city=(CITY.unit,),
    county=(COUNTY.unit,),
)
"""The units of these people. No enterprise is named, so each may build, and so may the county and the city."""


def site_terms(**changes: Any) -> SiteTerms:
    """A site opened on Monday 19 July 2021 at ten, due in 32 days on Friday 20 August, in a campaign to 31 October."""
    usual: dict[str, Any] = {
        "campaign_id": "henan-2021",
        "site_id": "鲁山-001",
        "city": "410400",
        "opened_at": on(7, 19, 10),
        "due": deadline(8, 20),
        "rectification": calendar_days(32),
        "ends_at": deadline(10, 31),
        "requirements": (
            Requirement(id="seal", quantity=2, unit="处", evidence=(EvidencePhase.AFTER,)),
            Requirement(id="signs", quantity=3, unit="块"),
        ),
        "levels": (
            LevelTerms(id="county", due=calendar_days(10)),
            LevelTerms(id="city", due=calendar_days(10)),
        ),
        "re_rectification": working(10),
        "late_report": calendar_days(3),
        "ladder": LADDER,
        "max_rounds": 3,
        "calendar": HENAN,
        "clock": Clock(),
        "wake_spread_seconds": 0,
        "units": UNITS,
        "amendment": 0,
    }
    return SiteTerms(**(usual | changes))


_numbers = count(1)


def _said(actor: Actor, at: datetime, command_id: str | None) -> dict[str, Any]:
    return {"command_id": command_id or f"command-{next(_numbers)}", "actor": actor, "effective_at": at}


def report(
    at: datetime,
    requirement: str,
    quantity: Decimal | float,
    *phases: str,
    by: Actor = BUILDER,
    command_id: str | None = None,
) -> cmd.CompleteTask:
    said = _said(by, at, command_id)
    photos = (cmd.Evidence(phase=EvidencePhase(phase), ref=f"{said['command_id']}-{phase}.jpg") for phase in phases)
    return cmd.CompleteTask(**said, requirement=requirement, quantity=quantity, evidence=tuple(photos))


def all_work(at: datetime, by: Actor = BUILDER) -> list[cmd.Command]:
    """The reports that complete the sample site."""
    return [report(at, "seal", 2, "after", by=by), report(at, "signs", 3, by=by)]


def passed(at: datetime, level: str, by: Actor = COUNTY) -> cmd.Verify:
    return cmd.Verify(**_said(by, at, None), level=level, passed=True)


def failed(
    at: datetime, level: str, *requirements: str, by: Actor = COUNTY, opinion: str | None = "重做"
) -> cmd.Verify:
    return cmd.Verify(
        **_said(by, at, None), level=level, passed=False, opinion=opinion, failed_requirements=requirements
    )


def extended(at: datetime, until: date, by: Actor = PROVINCE) -> cmd.Extend:
    return cmd.Extend(**_said(by, at, None), until=until, reason="rain")


def suspended(at: datetime, by: Actor = PROVINCE) -> cmd.Suspend:
    return cmd.Suspend(**_said(by, at, None), reason="flood")


def resumed(at: datetime, by: Actor = PROVINCE) -> cmd.Resume:
    return cmd.Resume(**_said(by, at, None))


class Life:
    """Runs an aggregate through time; keeps every outcome in order."""

    def __init__(self, core: Aggregate[Any]) -> None:
        self.core = core
        self.entries: list[LedgerEntry] = []
        self.notices: list[Notice] = []
        self.now = datetime.min.replace(tzinfo=UTC)

    def at(self, now: datetime, *commands: cmd.Command | cmd.Unreadable, received: datetime | None = None) -> Outcome:
        """Advance to `now`, with commands received at that instant (or at `received`)."""
        self.now = now
        outcome = self.core.advance([Received(c, received or now) for c in commands], now)
        self.keep(outcome)
        return outcome

    def keep(self, outcome: Outcome) -> None:
        self.entries.extend(outcome.entries)
        self.notices.extend(outcome.notices)

    def quiet_until(self, last: datetime) -> None:
        """Run the deadlines until `last`, without commands."""
        while (due := self.core.next_due(self.now)) is not None and due <= last:
            self.at(due)
        self.at(last)

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.entries]

    def of(self, kind: str) -> list[LedgerEntry]:
        return [entry for entry in self.entries if entry.kind == kind]


class SiteLife(Life):
    """A site that is opened at once."""

    core: SiteAggregate

    def __init__(self, **changes: Any) -> None:
        super().__init__(SiteAggregate(site_terms(**changes)))
        opened = self.core.terms.opened_at
        assert opened is not None
        self.at(opened)

    @property
    def state(self) -> Any:
        return self.core.state

    def climbs(self) -> list[tuple[int, date]]:
        """(rung, day) of every rung reached."""
        return [(event.rung, event.on) for event in self._events("climbed")]

    def reminders(self) -> list[tuple[int, date]]:
        """(days before, day on which it went out) of every reminder."""
        return [
            (self.core.events["reminded"].model_validate_json(e.data).days_before, e.at.astimezone(ZONE).date())  # type: ignore[attr-defined]
            for e in self.of("reminded")
        ]

    def _events(self, kind: str) -> Iterable[Any]:
        return [self.core.events[kind].model_validate_json(entry.data) for entry in self.of(kind)]


def refused(site: SiteLife, command: cmd.Command) -> str:
    """The reason for which a command is refused now; it changes nothing but the ledger."""
    now = command.effective_at
    asked = site.core.refusal(command, now)
    outcome = site.at(now, command)
    judgement = outcome.result_of(command.command_id)
    assert judgement.verdict is Verdict.REFUSED
    assert asked is not None
    assert (str(asked), type(asked)) == (judgement.reason, judgement.refused_as)
    assert [entry.kind for entry in outcome.entries] == ["refused"]
    return str(asked)


def amended(at: datetime, amendment: int = 1, **changes: Any) -> AmendSite:
    """The command that changes these fields of the sample terms."""
    new = site_terms(**changes)
    return AmendSite(
        command_id=f"amendment-{amendment}",
        actor=ENGINE,
        effective_at=at,
        amendment=amendment,
        document=f"豫自然资发〔2021〕{amendment}号",
        terms=plain(new, changes),
    )
