"""Extreme calendars, terms and commands, made from a seed that Hypothesis draws.

One draw instead of a hundred keeps the state machines quick; what the seed makes is spread evenly, so that a life
gets as far as closing, climbing and resuming.
"""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from rules.calendar import add_clause, end_of, local_date
from schemas.actor import Actor, Role, Units
from schemas.calendar import Calendar, Clause, DayUnit, Office
from schemas.clock import Clock
from schemas.evidence import EvidencePhase
from schemas.ladder import Instrument
from schemas.site.terms import LevelTerms, Requirement, RungTerms, SiteTerms

FIRST = datetime(2021, 9, 1, 2, tzinfo=UTC)
SEEDS = st.integers(0, 2**64 - 1)
PEOPLE = [Actor(id=f"{role.value}-{n}", role=role, unit="u") for role in Role for n in (1, 2, 3)]
UNITS = Units(province=("u",), supervision=("u",), city=("u",), county=("u",))
"""Each of these people is of the right unit for what the role may do."""

STEPS = st.one_of(
    st.timedeltas(timedelta(minutes=1), timedelta(hours=30)),
    st.timedeltas(timedelta(minutes=1), timedelta(hours=30)),
    st.timedeltas(timedelta(hours=30), timedelta(days=6)),
    st.timedeltas(timedelta(weeks=1), timedelta(weeks=3)),
)
"""From minutes to outages of weeks."""


def clause(draw: Random, least: int, most: int) -> Clause:
    """A clause whose name says its days, so that one stands for all of the same days."""
    amount, unit = draw.randint(least, most), draw.choice(list(DayUnit))
    return Clause(amount=amount, unit=unit, name=f"{unit}.{amount}")


KNOWN = {f"{unit}.{amount}": (amount, unit.value) for unit in DayUnit for amount in range(100)}
"""Every clause that may be drawn, as `tests.support.clause_oracle` knows those of a plan."""


def calendar(draw: Random) -> Calendar:
    """Holidays, make-up days, and zones whose clocks change within the campaign."""
    near = [date(2021, 9, 1) + timedelta(days=n) for n in range(150)]
    return Calendar(
        time_zone=draw.choice(["Asia/Shanghai", "Europe/Berlin", "America/Havana"]),
        off_days=frozenset(draw.sample(near, draw.randint(0, 30))),
        work_days=frozenset(draw.sample(near, draw.randint(0, 10))),
        office=Office(opens=draw.choice([time(8), time(9, 30)]), closes=time(18)),
    )


def site_terms(seed: int) -> SiteTerms:
    """A site of a campaign of three to twelve weeks."""
    draw = Random(seed)
    days = calendar(draw)
    opened_at = FIRST + timedelta(minutes=draw.randint(0, 6 * 24 * 60))
    ends_at = end_of(days, local_date(days, opened_at) + timedelta(days=draw.randint(20, 80)))
    rectification = clause(draw, 0, 20)
    due_on = add_clause(days, local_date(days, opened_at), rectification)
    requirements = tuple(
        Requirement(
            id=f"r{n}",
            quantity=draw.choice([0.3, 1, 2.5]),
            unit="处",
            evidence=tuple(draw.sample(list(EvidencePhase), draw.randint(0, 2))),
        )
        for n in range(draw.choice([0, 1, 1, 2, 2, 3]))
    )
    return SiteTerms(
        campaign_id="drawn",
        site_id="点位-1",
        city="c",
        opened_at=opened_at,
        due=min(end_of(days, due_on), ends_at),
        rectification=rectification,
        ends_at=ends_at,
        requirements=requirements,
        levels=tuple(LevelTerms(id=f"level-{n}", due=clause(draw, 0, 10)) for n in range(draw.randint(1, 4))),
        max_rounds=draw.randint(1, 3),
        re_rectification=clause(draw, 0, 10),
        late_report=clause(draw, 0, 3),
        reminder_days=tuple(draw.sample(range(1, 13), draw.randint(0, 4))),
        ladder=tuple(
            RungTerms(rung=rung, instrument=list(Instrument)[rung - 1], after=clause(draw, 0 if rung == 1 else 1, 6))
            for rung in sorted(draw.sample(range(1, 7), draw.randint(0, 4)))
        ),
        calendar=days,
        clock=Clock(),
        wake_spread_seconds=0,
        units=UNITS,
        amendment=0,
    )


def claim(draw: Random) -> timedelta:
    """From event time to receipt of a command: nothing, at most 20 hours, or at most 15 days either way."""
    return draw.choice(
        [
            timedelta(0),
            -timedelta(minutes=draw.randint(0, 20 * 60)),
            timedelta(minutes=draw.randint(-15 * 24 * 60, 15 * 24 * 60)),
        ]
    )


_WORKERS = (Role.ENTERPRISE, Role.COUNTY, Role.CITY)
_DECIDERS = (Role.PROVINCE, Role.SUPERVISOR)


def words(draw: Random, awaited_level: str | None) -> tuple[dict[str, Any], Actor]:
    """Fields and actor of a command to a site, sensible or not."""
    kind = draw.choice(["complete_task"] * 3 + ["verify"] * 3 + ["extend", "suspend", "resume"] * 2 + ["carry_over"])
    said: dict[str, Any] = {"kind": kind}
    roles: tuple[Role, ...] = _DECIDERS
    if kind == "complete_task":
        phases = draw.sample(list(EvidencePhase), draw.randint(0, 3))
        said["requirement"] = draw.choice(["r0", "r0", "r1", "r2", "roof"])
        said |= {"quantity": draw.choice([0.1, 1, 3]), "evidence": [{"phase": p, "ref": "p.jpg"} for p in phases]}
        roles = _WORKERS
    elif kind == "verify":
        level = awaited_level if awaited_level and draw.random() < 0.7 else f"level-{draw.randint(0, 4)}"
        said |= {"level": level, "passed": draw.random() < 0.6}
        said |= draw.choice([{"opinion": "重做"}, {}, {"opinion": "no", "failed_requirements": ["r0"]}])
        roles = (Role.COUNTY, Role.CITY, Role.EXPERT, Role.PROVINCE)
    elif kind == "extend":
        said |= {"until": date(2021, 9, 1) + timedelta(days=draw.randint(0, 100)), "reason": "rain"}
    elif kind != "resume":
        said["reason"] = "flood"
    if kind == "carry_over" and draw.random() < 0.7:
        roles = (Role.EXPERT,)
    able = [p for p in PEOPLE if p.role in roles]
    return said, draw.choice(able if draw.random() < 0.8 else PEOPLE)
