"""Progress against targets in sites and per cent, down to townships."""

from decimal import Decimal
from typing import Any

from schemas.targets import Targets
from storage.progress import progress_of
from tests.support.small_campaign import frozen_plan


def row(county: str, township: str | None, sites: int, closed: int) -> dict[str, Any]:
    areas = {"registered_ha": Decimal(2 * sites), "closed_ha": Decimal(2 * closed)}
    counts = {"sites": sites, "closed": closed, "newly_found": 0, "missed": 0}
    return {"city": "410400", "county": county, "township": township, **counts, **areas}


def test_share_is_met_by_what_it_comes_to_at_every_level() -> None:
    townships = [{"code": "甲镇", "target": "50", "stock": "6"}, {"code": "乙镇", "target": "50", "stock": "4"}]
    county = {"code": "鲁山县", "target": "50", "townships": townships}
    split = {"unit": "percent_of_sites", "total": "50", "cities": [{"code": "410400", "target": "50"}]}
    split["cities"][0]["counties"] = [county]  # type: ignore[index]
    plan = frozen_plan().plan.model_copy(update={"targets": Targets.model_validate(split)})
    made = progress_of(plan, [row("鲁山县", "甲镇", 6, 3), row("鲁山县", "乙镇", 4, 1), row("叶县", None, 2, 2)], [])
    (of_county, other) = made.cities["410400"].counties
    assert [(one.code, one.asked, one.closed, one.met, one.share_of_target) for one in of_county.townships] == [
        ("甲镇", Decimal(3), 3, True, Decimal(1)),
        ("乙镇", Decimal(2), 1, False, Decimal("0.5")),
    ]
    assert (of_county.target, of_county.asked, of_county.closed, of_county.met) == (Decimal(50), Decimal(5), 4, False)
    assert (other.code, other.target, other.met, other.townships) == ("叶县", None, None, [])
    assert (made.campaign.asked, made.campaign.closed, made.campaign.met) == (Decimal(5), 6, True)
