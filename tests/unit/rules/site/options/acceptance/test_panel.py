"""Experts of a level: a reproducible draw, one opinion each, and no pass against their majority."""

import hashlib
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.site.aggregate import SiteAggregate
from rules.site.options.acceptance.panel import in_drawn_order, majority
from schemas.actor import Actor, Role
from schemas.options.acceptance import AcceptanceTerms, GiveOpinion, LevelAsks, Member, ReplaceExpert
from tests.support.budget import examples
from tests.support.sample_terms import (
    CITY,
    PROVINCE,
    UNITS,
    SiteLife,
    all_work,
    on,
    passed,
    refused,
    site_terms,
)

POOL = tuple(Member(id=f"专家{n}", unit=f"示例院{n % 4}") for n in range(9))
ASKS = AcceptanceTerms(levels={"city": LevelAsks(by=Role.CITY, experts=3)}, pool=POOL)
POOLS = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=12, unique=True).map(
    lambda ids: [Member(id=one, unit="院") for one in ids]
)

bounded = settings(max_examples=examples(100), derandomize=True, deadline=None, database=None)


def expert(member: Member | str, unit: str | None = None) -> Actor:
    id_ = member if isinstance(member, str) else member.id
    known = {one.id: one.unit for one in POOL}
    return Actor(id=id_, role=Role.EXPERT, unit=unit or known.get(id_, "院"))


def thinks(day: int, who: Actor, good: bool = True, level: str = "city", hour: int = 10) -> GiveOpinion:
    at = on(7, day, hour)
    return GiveOpinion(
        command_id=f"{who.id}-{day}-{hour}-{good}", actor=who, effective_at=at, level=level, passed=good, opinion="看过"
    )


def awaiting_the_city(**changes: Any) -> SiteLife:
    """All work is done on the 20th, the county passed on the 21st, and the city's experts are drawn."""
    site = SiteLife(**({"acceptance": ASKS} | changes))
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9)))
    site.at(on(7, 21, 9), passed(on(7, 21, 9), "county"))
    return site


def drawn(site: SiteLife) -> list[Member]:
    [event] = site._events("panel_drawn")
    return list(event.experts)


def test_panel_drawn_when_level_requested_and_recorded() -> None:
    site = awaiting_the_city()
    assert site.kinds()[-2:] == ["level_passed", "panel_drawn"]
    lots = {one.id: hashlib.sha256(f"henan-2021\n鲁山-001\n1\ncity\n{one.id}".encode()).hexdigest() for one in POOL}
    assert [one.id for one in drawn(site)] == sorted(lots, key=lambda one: lots[one])[:3]
    assert site.core.view(on(7, 21, 9)).panel == {one.id: "silent" for one in drawn(site)}


def test_undrawn_expert_refused_with_names_of_drawn() -> None:
    site = awaiting_the_city()
    names = [one.id for one in drawn(site)]
    other = next(one for one in POOL if one.id not in names)
    said = refused(site, thinks(22, expert(other)))
    assert "was not drawn" in said
    assert all(name in said for name in names)
    assert "was drawn for" in refused(site, thinks(23, expert(names[0], unit="别的院")))
    assert "no expert is asked for level 'county'" in refused(site, thinks(24, expert(names[0]), level="county"))


def test_verdict_waits_for_all_opinions_and_names_missing() -> None:
    site = awaiting_the_city()
    first, second, third = drawn(site)
    site.at(on(7, 22, 10), thinks(22, expert(first)), thinks(22, expert(third)))
    assert f"missing: {second.id}" in refused(site, passed(on(7, 23, 9), "city", by=CITY))
    assert "gave an opinion" in refused(site, thinks(24, expert(first)))
    site.at(on(7, 25, 10), thinks(25, expert(second), good=False))
    site.at(on(7, 26, 9), passed(on(7, 26, 9), "city", by=CITY))
    assert site.state.stage == "closed"


def test_no_verdict_passes_against_the_majority_of_the_experts() -> None:
    site = awaiting_the_city()
    first, second, third = drawn(site)
    site.at(on(7, 22, 10), thinks(22, expert(first)), *(thinks(22, expert(e), good=False) for e in (second, third)))
    said = refused(site, passed(on(7, 23, 9), "city", by=CITY))
    assert said.startswith("2 of 3 experts do not pass the site")
    assert second.id in said


def test_a_new_round_has_a_new_draw() -> None:
    site = awaiting_the_city()
    site.at(on(7, 22, 10), *(thinks(22, expert(e), good=False) for e in drawn(site)))
    again = passed(on(7, 23, 9), "city", by=CITY).model_copy(update={"passed": False, "opinion": "重做"})
    site.at(on(7, 23, 9), again)
    assert site.core.view(on(7, 23, 9)).panel == {}
    site.at(on(7, 24, 9), *all_work(on(7, 24, 9)))
    site.at(on(7, 25, 9), passed(on(7, 25, 9), "county"))
    first, second = site._events("panel_drawn")
    assert (first.round, second.round) == (1, 2)
    assert second.experts == tuple(in_drawn_order(POOL, "henan-2021", "鲁山-001", 2, "city")[:3])


def test_experts_of_the_unit_that_did_the_work_are_not_drawn() -> None:
    worker = Actor(id="someone", role=Role.ENTERPRISE, unit="示例院1")
    site = SiteLife(acceptance=ASKS)
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9), by=worker))
    site.at(on(7, 21, 9), passed(on(7, 21, 9), "county"))
    assert {one.unit for one in drawn(site)}.isdisjoint({"示例院1"})


def test_unit_of_drawn_expert_reports_no_work_until_verdict() -> None:
    site = awaiting_the_city()
    colleague = Actor(id="colleague", role=Role.ENTERPRISE, unit=drawn(site)[0].unit)
    assert "reports no work" in refused(site, all_work(on(7, 22, 9), by=colleague)[0])


def test_overdue_level_notice_names_experts_without_opinion() -> None:
    site = awaiting_the_city()
    first, *rest = drawn(site)
    site.at(on(7, 22, 10), thinks(22, expert(first)))
    site.quiet_until(on(8, 2))
    [notice] = [n for n in site.notices if n.kind == "acceptance_overdue"]
    assert notice.data["missing"] == [one.id for one in rest]
    assert notice.rung == 1  # the city's verdict is overdue: its government is notified


def test_replaced_expert_followed_by_next_in_drawn_order() -> None:
    site = awaiting_the_city()
    first, second, _ = drawn(site)
    site.at(on(7, 22, 10), thinks(22, expert(first)))

    def replaced(who: str, day: int) -> ReplaceExpert:
        at = on(7, day, 11)
        return ReplaceExpert(
            command_id=f"r-{who}-{day}", actor=PROVINCE, effective_at=at, level="city", expert=who, reason="病假"
        )

    assert "gave an opinion already" in refused(site, replaced(first.id, 23))
    site.at(on(7, 24, 11), replaced(second.id, 24))
    following = in_drawn_order(POOL, "henan-2021", "鲁山-001", 1, "city")[3]
    assert following.id in site.core.view(on(7, 24, 11)).panel
    assert "was not drawn" in refused(site, thinks(25, expert(second)))


def test_who_did_the_work_does_not_choose_who_judges_it() -> None:
    builder = Actor(id="city works", role=Role.CITY, unit="市政工程处（示例）")
    site = SiteLife(acceptance=ASKS, units=UNITS.model_copy(update={"city": (CITY.unit, builder.unit)}))
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9), by=builder))
    site.at(on(7, 21, 9), passed(on(7, 21, 9), "county"))
    out = drawn(site)[0].id
    for number, who in enumerate((builder, builder.model_copy(update={"id": "a colleague"}))):
        said = ReplaceExpert(
            command_id=f"r-{number}", actor=who, effective_at=on(7, 22, number), level="city", expert=out, reason="忙"
        )
        assert "others replace its experts" in refused(site, said)


def test_an_expert_gives_an_opinion_and_not_the_verdict() -> None:
    site = awaiting_the_city(acceptance=AcceptanceTerms(levels={"city": LevelAsks(experts=1)}, pool=POOL))
    [one] = drawn(site)
    site.at(on(7, 22, 10), thinks(22, expert(one)))
    assert "sits as an expert" in refused(site, passed(on(7, 23, 9), "city", by=expert(one)))


def test_panel_without_eligible_expert_leaves_level_open() -> None:
    only = AcceptanceTerms(levels={"city": LevelAsks(experts=3)}, pool=(Member(id="e", unit="office of builder"),))
    site = awaiting_the_city(acceptance=only)
    assert drawn(site) == []
    assert "none who may judge" in refused(site, passed(on(7, 22, 9), "city", by=CITY))


@bounded
@given(POOLS, st.text(min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_draw_does_not_depend_on_the_order_of_the_pool(pool: list[Member], site: str, shuffler: Any) -> None:
    mixed = list(pool)
    shuffler.shuffle(mixed)
    assert in_drawn_order(mixed, "c", site, 1, "city") == in_drawn_order(pool, "c", site, 1, "city")


def test_over_many_sites_every_expert_is_drawn_about_as_often() -> None:
    sites = 3000
    times = Counter(
        one.id for n in range(sites) for one in in_drawn_order(POOL, "henan-2021", f"site-{n}", 1, "city")[:3]
    )
    expected = sites * 3 / len(POOL)
    chi_square = sum((times[one.id] - expected) ** 2 / expected for one in POOL)
    assert chi_square < 26.1  # 8 degrees of freedom: one draw in a thousand is worse


@bounded
@given(st.lists(st.booleans(), min_size=1, max_size=9))
def test_a_majority_is_more_than_half(opinions: list[bool]) -> None:
    assert majority(opinions) == (opinions.count(True) > opinions.count(False))


@bounded
@given(
    st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=12),
    st.lists(st.sampled_from([0, 1, 2, 3]), max_size=3),
)
def test_whatever_is_said_no_site_is_closed_against_its_panel(said: list[tuple[int, bool]], units: list[int]) -> None:
    workers = [Actor(id=f"w{unit}", role=Role.ENTERPRISE, unit=f"示例院{unit}") for unit in units]
    site = SiteLife(acceptance=ASKS)
    for worker in workers:
        site.at(on(7, 19, 12), all_work(on(7, 19, 12), by=worker)[1])
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9)))
    site.at(on(7, 21, 9), passed(on(7, 21, 9), "county"))
    panel = drawn(site)
    assert {one.unit for one in panel}.isdisjoint({worker.unit for worker in workers})
    heard: dict[str, bool] = {}
    for number, (who, good) in enumerate(said):
        member = POOL[who]
        site.at(on(7, 22, 8, number), thinks(22, expert(member), good).model_copy(
            update={"command_id": f"o{number}", "effective_at": on(7, 22, 8, number)}
        ))  # fmt: skip
        if member in panel:
            heard.setdefault(member.id, good)
        site.at(on(7, 22, 9, number), passed(on(7, 22, 9, number), "city", by=CITY))
    if site.state.stage == "closed":
        assert set(heard) == {one.id for one in panel}
        assert 2 * sum(heard.values()) > len(panel)
    again = SiteAggregate(site_terms(acceptance=ASKS))
    again.restore(site.entries)
    assert again.state == site.state
