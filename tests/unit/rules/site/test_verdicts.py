"""Verdicts: other people and units per level, self-checks, evidence in order, and `max_rounds`."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from rules.city.dispatch import still_overdue
from schemas import commands as cmd
from schemas.actor import Actor, Role, Units
from schemas.evidence import EvidencePhase
from schemas.options.acceptance import AcceptanceTerms, LevelAsks, SelfCheck
from schemas.site.terms import LevelTerms, Requirement
from tests.support.sample_terms import (
    LADDER,
    SiteLife,
    all_work,
    calendar_days,
    extended,
    failed,
    on,
    passed,
    refused,
    report,
    site_terms,
)

LEVELS = tuple(LevelTerms(id=one, due=calendar_days(10)) for one in ("self", "county", "city"))
THREE = AcceptanceTerms(
    levels={"self": LevelAsks(self_check=True), "county": LevelAsks(by=Role.COUNTY), "city": LevelAsks(by=Role.CITY)},
)


def who(name: str, role: Role, unit: str) -> Actor:
    return Actor(id=name, role=role, unit=unit)


BUILDER = who("zhao", Role.ENTERPRISE, "示例矿业")
CHECKER = who("qian", Role.ENTERPRISE, "示例矿业")
COUNTY = who("sun", Role.COUNTY, "示例县局")
CITY = who("li", Role.CITY, "示例市局")


DRAWN = tuple(f"u{number}" for number in range(1, 5))
UNITS = Units(province=DRAWN, city=(CITY.unit, COUNTY.unit, *DRAWN), county=(COUNTY.unit, BUILDER.unit, *DRAWN))
"""An office in several relations, so that the separation of duties refuses it and not the relation."""


def life(**changes: Any) -> SiteLife:
    return SiteLife(**({"levels": LEVELS, "acceptance": THREE, "units": UNITS} | changes))


def checked(day: int, by: Actor = CHECKER, good: bool = True, level: str = "self") -> SelfCheck:
    return SelfCheck(
        command_id=f"self-{day}-{by.id}", actor=by, effective_at=on(7, day, 9), level=level, passed=good, opinion="自查"
    )


def done(site: SiteLife) -> None:
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9), by=BUILDER))


# -- whose level it is -----------------------------------------------------------------------------------------------


def test_site_closed_by_self_check_county_and_city() -> None:
    site = life()
    done(site)
    site.at(on(7, 21, 9), checked(21))
    site.at(on(7, 22, 9), passed(on(7, 22, 9), "county", by=COUNTY))
    site.at(on(7, 23, 9), passed(on(7, 23, 9), "city", by=CITY))
    assert site.state.stage == "closed"


def test_self_check_needs_another_person_of_working_unit() -> None:
    site = life()
    done(site)
    assert "reported work" in refused(site, checked(21, by=BUILDER))
    assert "by a unit that did the work (示例矿业)" in refused(
        site, checked(22, by=who("x", Role.ENTERPRISE, "别的公司"))
    )
    assert "makes it by self_check" in refused(site, passed(on(7, 23, 9), "self", by=COUNTY))
    site.at(on(7, 24, 9), checked(24))
    assert "is no self-check" in refused(site, checked(25, by=who("x", Role.ENTERPRISE, "y"), level="county"))


def test_level_judged_by_its_role_and_uninvolved_unit() -> None:
    site = life()
    done(site)
    site.at(on(7, 21, 9), checked(21))
    said = refused(site, passed(on(7, 22, 9), "county", by=CITY))
    assert said == "level 'county' is judged by the role county; li acts as city"
    own = who("zhou", Role.COUNTY, "示例矿业")
    assert "示例矿业 reported work at this site" in refused(site, passed(on(7, 23, 9), "county", by=own))
    site.at(on(7, 24, 9), passed(on(7, 24, 9), "county", by=COUNTY))
    same = who("wu", Role.CITY, COUNTY.unit)
    said = refused(site, passed(on(7, 25, 9), "city", by=same))
    assert said.endswith("than any other level of the round; 示例县局 judged level 'county' already")


def test_judging_unit_reports_no_work_until_round_is_decided() -> None:
    site = life()
    done(site)
    site.at(on(7, 21, 9), checked(21))
    site.at(on(7, 22, 9), passed(on(7, 22, 9), "county", by=COUNTY))
    colleague = who("zheng", Role.COUNTY, COUNTY.unit)
    assert "another unit reports the work" in refused(site, report(on(7, 23, 9), "signs", 1, by=colleague))
    site.at(on(7, 24, 9), report(on(7, 24, 9), "signs", 1, by=BUILDER))


ROLES = (Role.ENTERPRISE, Role.COUNTY, Role.CITY, Role.PROVINCE, Role.EXPERT)
OF_LEVEL = {"self": Role.ENTERPRISE, "county": Role.COUNTY, "city": Role.CITY}


def test_levels_never_share_judging_person_or_unit() -> None:
    closed = 0
    for seed in range(300):
        site, draw, now = life(), Random(seed), on(7, 20, 8)
        workers: set[tuple[str, str]] = set()
        judges: list[tuple[str, str]] = []
        for number in range(40):
            now += timedelta(hours=1)
            level = site.state.level
            role = OF_LEVEL[level] if level and draw.random() < 0.8 else draw.choice(ROLES)
            actor = who(f"p{draw.randint(1, 5)}", role, draw.choice(DRAWN))
            before = len(site.entries)
            if level is None or draw.random() < 0.1:
                left = site.core.outstanding() or {"signs": Decimal(1)}
                site.at(now, *(report(now, name, more or 1, "after", by=actor) for name, more in left.items()))
            else:
                model: type[cmd.Command] = SelfCheck if level == "self" else cmd.Verify
                said = {"level": level, "passed": draw.random() < 0.9, "opinion": "x"}
                site.at(
                    now, model.model_validate(said | {"command_id": f"c{number}", "actor": actor, "effective_at": now})
                )
            for kind in [entry.kind for entry in site.entries[before:]]:
                if kind == "task_reported":
                    workers.add((actor.id, actor.unit))
                    assert actor.unit not in {unit for _, unit in judges[1:]}  # the first is the self-check's
                elif kind == "level_failed":
                    judges = []
                elif kind in ("level_passed", "closed"):
                    judges.append((actor.id, actor.unit))
                    assert actor.id not in {person for person, _ in workers}
                    assert (actor.unit in {unit for _, unit in workers}) == (level == "self")
                    assert len({person for person, _ in judges}) == len({unit for _, unit in judges}) == len(judges)
            if site.state.stage == "closed":
                closed += 1
                break
    assert closed > 40, "lives that never close prove nothing"


# -- evidence in order -----------------------------------------------------------------------------------------------

ALL = (EvidencePhase.BEFORE, EvidencePhase.DURING, EvidencePhase.AFTER)


def sealing() -> SiteLife:
    return SiteLife(requirements=(Requirement(id="seal", quantity=2, unit="处", evidence=ALL, in_order=True),))


def test_no_work_is_reported_before_the_photo_of_before() -> None:
    site = sealing()
    assert refused(site, report(on(7, 20, 9), "seal", 1, "during")).startswith(
        "the photo `before` of 'seal' is missing"
    )
    site.at(on(7, 21, 9), report(on(7, 21, 9), "seal", 1, "before"))
    assert site.core.outstanding() == {"seal": 1}


def test_completion_and_after_photo_need_during_photo() -> None:
    site = sealing()
    site.at(on(7, 20, 9), report(on(7, 20, 9), "seal", 0.5, "before"))
    assert "completes the work" in refused(site, report(on(7, 21, 9), "seal", 1.5))
    assert "shows it `after`" in refused(site, report(on(7, 22, 9), "seal", 0.5, "after"))
    site.at(on(7, 23, 9), report(on(7, 23, 9), "seal", 1.5, "during"))
    assert site.core.outstanding() == {"seal": 0}  # the work is done, the photo of after is still missing
    site.at(on(7, 24, 9), report(on(7, 24, 9), "seal", 0.1, "after"))
    assert site.state.stage == "verifying"


def test_a_round_that_failed_is_shown_in_order_again() -> None:
    site = sealing()
    site.at(on(7, 20, 9), report(on(7, 20, 9), "seal", 2, "before", "during", "after"))
    site.at(on(7, 21, 9), failed(on(7, 21, 9), "county"))
    assert "`before`" in refused(site, report(on(7, 22, 9), "seal", 1))


def test_without_the_gate_evidence_comes_in_any_order() -> None:
    site = SiteLife(requirements=(Requirement(id="seal", quantity=1, unit="处", evidence=ALL),))
    site.at(on(7, 20, 9), report(on(7, 20, 9), "seal", 1, "after"))
    assert site.core.outstanding() == {"seal": 0}


# -- max_rounds is reached -------------------------------------------------------------------------------------------

EXHAUSTED = AcceptanceTerms(exhausted_rung=4)


def failed_twice(**changes: Any) -> SiteLife:
    """Failed on Tuesday 20 July and on Friday 23 July 2021, of two rounds; the new deadline is 6 August."""
    site = SiteLife(**({"acceptance": EXHAUSTED, "max_rounds": 2} | changes))
    for day in (20, 23):
        site.at(on(7, day, 9), *all_work(on(7, day, 9)))
        site.at(on(7, day, 15), failed(on(7, day, 15), "county", "signs"))
    return site


def test_exhausted_rounds_escalate_on_next_working_day() -> None:
    site = failed_twice()
    site.quiet_until(on(7, 27))
    assert site.climbs() == [(4, date(2021, 7, 26))]  # the 23rd is a Friday
    [climb] = site._events("climbed")
    assert climb.exhausted
    assert [n.data["exhausted"] for n in site.notices if n.kind == "interview"] == [True]


def test_its_document_concerns_it_though_it_is_not_overdue() -> None:
    site = failed_twice()
    site.quiet_until(on(7, 27))
    assert still_overdue(4, [site.core.row()], on(7, 27, 9)) == (site.core.terms.site_id,)
    site.at(on(7, 28, 9), *all_work(on(7, 28, 9)))
    assert still_overdue(4, [site.core.row()], on(7, 28, 10)) == ()


def test_it_climbs_once_a_round_and_no_lower_rung_follows() -> None:
    site = failed_twice()
    site.quiet_until(on(10, 30))
    assert site.climbs() == [(4, date(2021, 7, 26))]
    again = failed_twice()
    again.quiet_until(on(7, 26, 8))
    again.at(on(7, 27, 9), *all_work(on(7, 27, 9)))
    again.at(on(7, 28, 9), failed(on(7, 28, 9), "county", "signs"))
    again.quiet_until(on(7, 30))
    assert again.climbs() == [(4, date(2021, 7, 26)), (4, date(2021, 7, 29))]


def test_exhausted_rung_withdrawal_not_reproposed_at_once() -> None:
    ladder = tuple(r.model_copy(update={"approval": r.rung == 4}) for r in LADDER)
    site = failed_twice(ladder=ladder)
    site.quiet_until(on(7, 27))
    assert (site.state.rung, site.state.rung_waits) == (4, True)
    site.at(
        on(7, 28, 9),
        cmd.RungWithdrawn(
            command_id="w", actor=Actor(id="engine", role=Role.SYSTEM, unit="e"), effective_at=on(7, 28, 9),
            document="d", rung=4, round=3, on=date(2021, 7, 28), reason="no",
        ),
    )  # fmt: skip
    assert (site.state.rung, site.state.rung_waits) == (0, False)
    site.quiet_until(on(8, 5))
    assert len(site.climbs()) == 1


def test_exhausted_rounds_without_option_wait_for_deadline() -> None:
    site = failed_twice(acceptance=None)
    site.quiet_until(on(8, 5))
    assert site.climbs() == []
    assert "rounds_exhausted" in [n.kind for n in site.notices]


def test_extension_keeps_exhausted_rung_after_issue() -> None:
    site = failed_twice()
    site.quiet_until(on(7, 27))
    site.at(on(7, 28, 9), extended(on(7, 28, 9), date(2021, 8, 20)))
    assert site.state.rung == 4


def test_terms_without_these_options_say_nothing_of_them() -> None:
    assert "acceptance" not in site_terms().model_dump()
    assert "in_order" not in str(site_terms().model_dump())
