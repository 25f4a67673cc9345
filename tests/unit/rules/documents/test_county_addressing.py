"""Documents of a county go to its offices; what these leave unsigned is told to its head, then to the city."""

from typing import Any

import pytest

from rendering.composing import addressing_of
from rules.documents.addressing import TO_THE_LEAD_COUNTY, addressing
from rules.documents.rules import told_above
from rules.terms.plan import site_terms
from schemas.clock import Clock
from schemas.documents.document import Progress
from schemas.ledger import LEAD_COUNTY, DocumentDraft
from schemas.offices import AddresseeLevel
from schemas.options.counties import Told
from schemas.plan import FrozenPlan
from schemas.register import Site
from tests.support.city_with_counties import BAOFENG, LUSHAN, plan_of_counties, terms_of_counties
from tests.support.sample_terms import SiteLife, on

TO_LUSHAN = Progress(county=LUSHAN)


@pytest.mark.parametrize(
    ("county", "told", "expected"),
    [
        (f"{LUSHAN}/t1", Told.TOWNSHIP, ("示例镇", "示例镇政府")),
        (LUSHAN, Told.COUNTY, ("鲁山县政府",)),
        (LUSHAN, Told.COUNTY_HEAD, ("鲁山县长办公室",)),
        (None, Told.CITY, ("市政府",)),
        (None, Told.CITY_HEAD, ("市长办公室",)),
        (None, Told.PROVINCE, ("省自然资源厅", "省公安厅")),
    ],
)
def test_silence_goes_to_the_level_that_is_its_rung(county: str | None, told: Told, expected: tuple[str, ...]) -> None:
    plan = plan_of_counties(townships=True)
    for kind in ("county_receipt_overdue", "call_overdue"):
        assert addressing(plan, "410400", kind, told, Progress(county=county)).addressee == expected


def test_document_to_a_county_goes_to_its_bureaus() -> None:
    to = addressing(plan_of_counties(), "410400", "county_deployment_returned", 0, TO_LUSHAN)
    assert to.addressee == ("鲁山县", "鲁山县局") and [r.name for r in to.recipients] == ["鲁山县局"]


def test_call_goes_to_the_department() -> None:
    draft = DocumentDraft(
        key="k", city="410400", kind="department_call", rung=0, issued_at=on(7, 20), data={"department": "县林业局"}
    )
    assert addressing_of(plan_of_counties(), draft, ()).addressee == ("县林业局",)


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (
            Progress(county=LUSHAN, units=("鲁山县局",)),
            [("government", LUSHAN), ("head", LUSHAN), ("government", None), ("head", None)],
        ),
        (Progress(county=LUSHAN, units=("鲁山县长办公室",)), [("government", None), ("head", None)]),
        (Progress(county=BAOFENG, units=("宝丰县政府",)), [("government", None), ("head", None)]),
        (Progress(units=("市局",)), [("government", None), ("head", None)]),
    ],
)
def test_unsigned_documents_of_a_county_are_told_up_to_the_city(progress: Progress, expected: list[Any]) -> None:
    assert list(told_above(terms_of_counties(), progress)) == expected


def _site(county: str) -> Site:
    return Site(id="s", name="s", city="410400", county=county, type="adit", latitude=33.7, longitude=112.9)


@pytest.mark.parametrize(
    ("county", "leads", "expected"), [("鲁山县", True, LUSHAN), (LUSHAN, False, None), ("叶县", True, None)]
)
def test_site_of_a_lead_county_knows_it(county: str, leads: bool, expected: str | None) -> None:
    plan = plan_of_counties(leads=leads)
    frozen = FrozenPlan(plan=plan, calendar=terms_of_counties().calendar, digest="0" * 64)
    assert site_terms(frozen, _site(county), on(7, 20), Clock()).lead_county == expected


def test_notices_of_a_lead_county_name_it() -> None:
    life = SiteLife(lead_county=LUSHAN)
    life.quiet_until(on(9, 30))
    assert life.notices
    assert all((LEAD_COUNTY in one.data) == (one.kind in TO_THE_LEAD_COUNTY) for one in life.notices)
    assert any(LEAD_COUNTY in one.data for one in life.notices)


def test_offices_of_a_level_are_those_of_the_county() -> None:
    levels = terms_of_counties().counties
    assert levels is not None
    unit = levels.unit("宝丰县")
    assert unit is not None and set(unit.levels.values()) == {("宝丰县政府",)}
    assert set(unit.levels) == {level.value for level in AddresseeLevel}
