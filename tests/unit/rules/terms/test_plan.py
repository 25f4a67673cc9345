"""The terms of a plan for a campaign, a city and a site."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rules.campaign.aggregate import CampaignAggregate
from rules.terms.plan import campaign_terms, city_terms, ends_at, requirements_of, site_terms
from schemas.actor import Role
from schemas.calendar import Calendar, Office
from schemas.clock import Clock
from schemas.evidence import EvidencePhase
from schemas.ladder import Rung
from schemas.offices import Agency, City, Recipient
from schemas.plan import CatalogueEntry, Clauses, FrozenPlan, Phase, Plan, Verification, VerificationLevel
from schemas.register import Problem, Site
from tests.support.sample_terms import HENAN, LADDER, calendar_days, deadline, on, working

CATALOGUE = (
    CatalogueEntry(id="seal", title="封堵平硐", unit="处", site_types=("adit",), problems=("open", "broken")),
    CatalogueEntry(id="fence", title="围栏", unit="米", quantity=100, problems=("unfenced",)),
    CatalogueEntry(id="shafts", title="竖井", unit="处", site_types=("shaft",)),
    CatalogueEntry(id="hand-over", title="移交巡查", unit="次", quantity=2, evidence=()),
)


def frozen(calendar: Calendar = HENAN, **changes: Any) -> FrozenPlan:
    plan = Plan(
        **(
            {
                "id": "henan-2021",
                "title": "百日行动",
                "document_number": "豫〔2021〕1号",
                "issuing_agencies": (Agency(name="公安厅"), Agency(name="自然资源厅")),
                "province": "河南省",
                "starts_on": date(2021, 7, 17),
                "ends_on": date(2021, 10, 31),
                "phases": (
                    Phase(id="sweep", title="排查", starts_on=date(2021, 7, 17), ends_on=date(2021, 8, 5)),
                    Phase(id="works", title="整治", starts_on=date(2021, 8, 1), ends_on=date(2021, 10, 31)),
                ),
                "clauses": Clauses(
                    deployment=working(5), rectification=calendar_days(45), re_rectification=working(10)
                ),
                "catalogue": CATALOGUE,
                "cities": (City(code="410400", name="平顶山市", lead="市政府", recipients=(Recipient(name="局"),)),),
                "reminder_days": (7, 3),
                "ladder": tuple(Rung(rung=r.rung, instrument=r.instrument, after=r.after) for r in LADDER),
                "verification": Verification(levels=(VerificationLevel(id="county", by=Role.COUNTY, title="县级"),)),
                **changes,
            }
        )
    )
    return FrozenPlan(plan=plan, calendar=calendar, digest="digest")


def site(kind: str = "adit", **problems: float) -> Site:
    return Site(
        id="鲁山-001", name="矿", city="410400", county="鲁山县", type=kind,
        problems=tuple(Problem(kind=k, count=n) for k, n in problems.items()),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        (site("adit", open=2, broken=1), {"seal": 3, "hand-over": 2}),
        (site("adit", unfenced=1.5), {"fence": 150, "hand-over": 2}),
        (site("adit"), {"hand-over": 2}),
        (site("shaft", open=2), {"shafts": 1, "hand-over": 2}),
        (site("pit", foreign=9), {"hand-over": 2}),
    ],
)
def test_catalogue_applies_by_type_and_problem_with_summed_work(place: Site, wanted: dict[str, float]) -> None:
    found = requirements_of(CATALOGUE, place)
    assert {r.id: r.quantity for r in found} == wanted
    assert [r.id for r in found] == [e.id for e in CATALOGUE if e.id in wanted], "in the catalogue's order"
    assert {r.id: r.evidence for r in found}["hand-over"] == ()


def test_the_requirement_keeps_its_unit_and_its_evidence() -> None:
    seal = requirements_of(CATALOGUE, site(open=1))[0]
    assert (seal.unit, seal.evidence) == ("处", (EvidencePhase.AFTER,))


def test_campaign_issued_at_first_opening_ends_with_last_day() -> None:
    terms = campaign_terms(frozen(), on(7, 1), Clock())
    assert terms.issues_at == on(7, 17, 9), "on its first day, a Saturday though it be"
    assert terms.ends_at == ends_at(frozen()) == on(11, 1)
    assert [(p.id, p.starts_at, p.ends_at) for p in terms.phases] == [
        ("sweep", on(7, 17), on(8, 6)), ("works", on(8, 1), on(11, 1)),
    ]  # fmt: skip


def test_a_campaign_that_is_started_late_is_issued_at_once() -> None:
    assert campaign_terms(frozen(), on(7, 20, 15), Clock()).issues_at == on(7, 20, 15)


def test_city_has_one_day_for_receipt_and_clause_for_deployment() -> None:
    campaign = campaign_terms(frozen(), on(7, 1), Clock())
    terms = city_terms(campaign, campaign.cities[0], campaign.issues_at)
    assert terms.receipt_due == deadline(7, 19), "Monday is the first working day after the issue"
    assert terms.deployment_due == deadline(7, 23)
    assert terms.deployment_decision == working(5).model_copy(update={"name": "clauses.deployment_decision"})
    assert terms.reconcile_every_days == 1


@pytest.mark.parametrize(("rate", "days"), [(1, 1), (1440, 1), (1441, 2), (86400, 60)])
def test_compressed_clock_checks_lost_sites_once_a_real_minute(rate: float, days: int) -> None:
    clock = Clock(real_origin=on(7, 1), campaign_origin=on(7, 1), rate=rate)
    campaign = campaign_terms(frozen(), on(7, 1), clock)
    assert city_terms(campaign, campaign.cities[0], on(7, 17)).reconcile_every_days == days


def test_site_due_at_end_of_clause_within_campaign() -> None:
    opened = on(7, 20, 10)
    terms = site_terms(frozen(), site(open=1), opened, Clock())
    assert (terms.opened_at, terms.due) == (opened, deadline(9, 3))
    assert site_terms(frozen(), site(open=1), on(10, 20), Clock()).due == deadline(10, 31)
    assert [r.rung for r in terms.ladder] == [2, 3, 4]
    assert terms.reminder_days == (7, 3)
    assert terms.wake_spread_seconds == 3600


def test_a_site_that_never_opens_has_no_deadline() -> None:
    terms = site_terms(frozen(), site(), None, Clock())
    assert (terms.opened_at, terms.due) == (None, None)


def test_terms_with_12_requirements_and_two_years_under_8_kib() -> None:
    first = date(2026, 1, 1)
    weekdays = [d for n in range(730) if (d := first + timedelta(days=n)).weekday() < 5]
    calendar = Calendar(
        time_zone="Asia/Shanghai",
        # About the State Council's days: 30 off and 7 made up a year.
        off_days=frozenset(weekdays[::8][:60]),
        work_days=frozenset(first + timedelta(days=50 * n) for n in range(14)),
        published_until=date(2026, 12, 31),
        office=Office(opens=time(8, 30), closes=time(17, 30)),
    )
    catalogue = tuple(
        CatalogueEntry(
            id=f"requirement-{n:02}-{'x' * 20}", title="整治任务" * 20, unit="立方米", standard="标准" * 200,
            evidence=tuple(EvidencePhase),
        )
        for n in range(12)
    )  # fmt: skip
    levels = tuple(VerificationLevel(id=f"level-{n}", title="验收", by=Role.COUNTY) for n in range(4))
    plan = frozen(calendar, catalogue=catalogue, verification=Verification(levels=levels), reminder_days=(30, 7, 3, 1))
    clock = Clock(real_origin=on(12, 24, 8), campaign_origin=on(7, 17), rate=86400)
    terms = site_terms(plan, site(), on(7, 20, 10), clock)
    assert len(terms.requirements) == 12
    assert len(terms.model_dump_json().encode()) < 8 * 1024


def test_terms_survive_their_way_through_json() -> None:
    campaign = campaign_terms(frozen(), on(7, 1), Clock())
    again = type(campaign).model_validate_json(campaign.model_dump_json())
    assert again == campaign
    alone = again.model_copy(update={"signing": None})
    assert CampaignAggregate(alone).next_due(on(7, 1)) == on(7, 17, 9)


def test_work_counts_during_suspension_only_where_the_plan_says() -> None:
    one = Site(id="a", name="a", city="410400", county="鲁山县", type="adit")
    plans = [frozen(), frozen(suspension={}), frozen(suspension={"work_counts": True})]
    assert [site_terms(plan, one, None, Clock()).work_counts_suspended for plan in plans] == [False, False, True]
    assert ["suspension" in plan.plan.model_dump(mode="json") for plan in plans] == [False, True, True]


def test_plan_says_beyond_which_multiple_reports_are_refused() -> None:
    opened = on(7, 19, 10)
    said = frozen(reporting={"refuse_beyond": 3})
    assert site_terms(said, site(open=1), opened, Clock()).refuse_beyond == 3
    unsaid = site_terms(frozen(), site(open=1), opened, Clock())
    assert unsaid.refuse_beyond is None and "refuse_beyond" not in unsaid.model_dump_json()


def test_what_is_asked_is_a_product_of_decimals() -> None:
    entry = CatalogueEntry(id="signs", title="警示牌", unit="块", quantity=0.1, problems=("open", "broken"))
    (requirement,) = requirements_of((entry,), site(open=1, broken=2))
    assert requirement.quantity == Decimal("0.3")
