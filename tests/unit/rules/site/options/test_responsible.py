"""Who is responsible: assigned, handed over, receipted; a silence is told one level after the other."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import local_date
from rules.site.options.responsible import in_charge, listed
from schemas import commands as cmd
from schemas.actor import Actor, Role, Units
from schemas.options.responsible import Charge, ResponsibleTerms
from tests.support.budget import examples
from tests.support.sample_terms import CITY, COUNTY, HENAN, UNITS, SiteLife, amended, on, refused, working

RULE = ResponsibleTerms(unit="示例县", due=None, receipt=working(1), rungs=(0, 1, 4))
REQUIRED = RULE.model_copy(update={"due": working(3)})
NEXT = Actor(id="P-2", role=Role.TOWNSHIP, unit="示例乡")
FIRST = Actor(id="P-1", role=Role.DEPARTMENT, unit="示例县")


def site(rule: ResponsibleTerms = RULE, **changes: Any) -> SiteLife:
    return SiteLife(responsible=rule, units=UNITS, **changes)


def said(kind: str, at: datetime, by: Actor = CITY, **content: Any) -> cmd.Command:
    content |= {"command_id": f"{kind}-{by.id}-{at}", "actor": by, "effective_at": at}
    return cmd.SITE_COMMANDS[kind].model_validate(content)


def assigned(at: datetime, **content: Any) -> cmd.Command:
    return said("assign", at, **({"unit": "示例乡", "person": "P-2"} | content))


def handed_over(at: datetime, by: Actor = FIRST, **content: Any) -> cmd.Command:
    return said("hand_over", at, by, **({"unit": "示例乡", "person": "P-2", "reason": "轮岗"} | content))


def now(life: SiteLife, requirement: str | None = None) -> Charge:
    return in_charge(life.core.terms, life.state, requirement)


def told(life: SiteLife, kind: str) -> list[tuple[int, date]]:
    """Rung and day of each notice."""
    return [(n.rung, local_date(HENAN, n.at)) for n in life.notices if n.kind == kind]


def test_site_opened_unit_of_the_register_answers() -> None:
    life = site()
    assert now(life) == Charge(unit="示例县")
    assert life.core.row().responsible_units == ("示例县",) and "responsible" not in (life.core.row().facts or {})


def test_assigned_requirement_differs_from_its_site() -> None:
    life = site()
    life.at(on(7, 20), assigned(on(7, 20), requirement="signs"))
    assert (now(life).unit, now(life, "signs").person, now(life, "seal").unit) == ("示例县", "P-2", "示例县")
    assert listed(life.core.terms, life.state) == (("示例县", "示例乡"), ("P-2",))


def test_assignment_of_the_same_again_is_refused() -> None:
    life = site()
    life.at(on(7, 20), assigned(on(7, 20)))
    assert "is responsible already" in refused(life, assigned(on(7, 21)))
    assert "has no requirement 'roof'" in refused(life, assigned(on(7, 21), requirement="roof"))


def test_handed_over_old_one_answers_until_receipt() -> None:
    life = site()
    life.at(on(7, 20), handed_over(on(7, 20)))
    assert now(life) == Charge(unit="示例县")
    assert "is taken over by P-2" in refused(life, said("take_over", on(7, 20, 15), FIRST))
    life.at(on(7, 21), said("take_over", on(7, 21), NEXT))
    assert now(life) == Charge(unit="示例乡", person="P-2")
    life.quiet_until(on(9, 1))
    assert told(life, "take_over_overdue") == []


def test_hand_over_by_another_unit_is_refused() -> None:
    life = site()
    stranger = Actor(id="x", role=Role.DEPARTMENT, unit="别的局")
    assert refused(life, handed_over(on(7, 20), stranger)).startswith("rule hand_over/responsible department")
    life.at(on(7, 20), handed_over(on(7, 20)))
    assert "by its responsible unit 示例县" in refused(life, handed_over(on(7, 20, 15), NEXT, unit="再一乡"))
    assert "is not receipted" in refused(life, handed_over(on(7, 20, 16), COUNTY, unit="再一乡"))


def test_assignment_ends_a_handing_over() -> None:
    life = site()
    life.at(on(7, 20), handed_over(on(7, 20)))
    life.at(on(7, 20, 15), assigned(on(7, 20, 15), unit="再一乡", person="P-3"))
    assert now(life).person == "P-3" and not life.state.responsibility.pending
    assert refused(life, said("take_over", on(7, 21), NEXT)).startswith("rule take_over/")


def test_missing_receipt_is_told_upward_once_a_level() -> None:
    life = site()
    life.at(on(7, 20), handed_over(on(7, 20)))
    life.quiet_until(on(9, 1))
    rungs, days = zip(*told(life, "take_over_overdue"), strict=True)
    assert rungs == (0, 1, 4)
    assert list(days) == sorted(set(days)) and days[0] == date(2021, 7, 22)
    assert now(life) == Charge(unit="示例县"), "it stays responsible however long the other one is silent"


def test_required_person_missing_is_told_until_assigned() -> None:
    life = site(REQUIRED)
    life.quiet_until(on(7, 27))
    assert told(life, "responsible_missing") == [(0, date(2021, 7, 23))]
    life.at(on(7, 27), assigned(on(7, 27)))
    life.quiet_until(on(9, 1))
    assert len(told(life, "responsible_missing")) == 1


def test_required_person_of_the_register_is_not_asked_for() -> None:
    life = site(REQUIRED.model_copy(update={"person": "P-1"}))
    life.quiet_until(on(9, 1))
    assert told(life, "responsible_missing") == []
    assert life.core.row().responsible_people == ("P-1",)


def test_amendment_that_requires_a_person_asks_for_it() -> None:
    life = site()
    life.at(on(7, 26), amended(on(7, 26), responsible=REQUIRED, units=UNITS))
    life.quiet_until(on(9, 1))
    assert told(life, "responsible_missing")[0] == (0, date(2021, 7, 30))


def test_every_notice_names_who_is_responsible() -> None:
    life = site(REQUIRED)
    life.at(on(7, 20), assigned(on(7, 20)))
    life.quiet_until(on(9, 10))
    assert len({n.kind for n in life.notices}) > 1
    assert {tuple(n.data["responsible"]) for n in life.notices} == {("示例乡", "P-2")}


def test_county_by_default_is_known_by_all_its_names() -> None:
    units = UNITS.model_copy(update={"county": ("410402", "示例县", "示例县人民政府")})
    life = site(ResponsibleTerms(unit="410402", named=False, receipt=working(1)))
    life.core.terms.units = Units.model_validate(units.model_dump())
    assert life.core.row().responsible_units == ("410402", "示例县", "示例县人民政府")


@settings(max_examples=examples(60), deadline=None)
@given(seed=st.integers(0, 10**9))
def test_exactly_one_unit_answers_at_every_moment(seed: int) -> None:
    draw, at = Random(seed), on(7, 20)
    life = site(draw.choice([RULE, REQUIRED]))
    expected = Charge(unit="示例县")
    people = [FIRST, NEXT, COUNTY, CITY, Actor(id="P-3", role=Role.TOWNSHIP, unit="再一乡")]
    for _ in range(draw.randint(3, 14)):
        at += timedelta(hours=draw.choice([1, 9, 30, 60]))
        by, who = draw.choice(people), draw.choice(people[1:])
        kind = draw.choice(["assign", "hand_over", "take_over", "take_over"])
        said_ = {"unit": who.unit, "person": "P-9" if "-" not in who.id else who.id, "reason": "轮岗"}
        fields = {"assign": ("unit", "person"), "hand_over": ("unit", "person", "reason"), "take_over": ()}[kind]
        pending = life.state.responsibility.pending.get("") if life.state.responsibility else None
        command = said(kind, at, by, **{name: said_[name] for name in fields})
        found = life.at(at, command)
        if found.result_of(command.command_id).verdict == "accepted":
            if kind == "assign":
                expected = Charge(unit=said_["unit"], person=said_["person"])
            elif kind == "take_over":
                assert pending is not None and (by.unit, by.id) == (pending.unit, pending.person)
                expected = Charge(unit=pending.unit, person=pending.person)
        assert now(life) == expected
        assert life.core.row().responsible_units[0] == expected.unit
