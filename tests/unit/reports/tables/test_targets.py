"""Progress against targets as lines of the report: townships below their county, and heads by the target's unit."""

from decimal import Decimal

from reports.tables.targets import COLUMNS, column_words, lines
from reports.words.catalogue import Words
from schemas.progress import CampaignProgress, CityProgress, CountyProgress, TownshipProgress
from schemas.status import CampaignStatus, CityStatus, DeploymentStatus, SiteCounts
from schemas.targets import TargetUnit
from tests.support.sample_terms import on

UNIT = TargetUnit.PERCENT_OF_SITES


def status() -> CampaignStatus:
    town = TownshipProgress(
        code="t1", name="甲镇", unit=UNIT, target=Decimal(50), asked=Decimal("2.5"), sites=5, closed=3
    )
    county = CountyProgress(code="c1", name="甲县", unit=UNIT, target=Decimal(50), sites=5, townships=[town])
    city = CityProgress(unit=UNIT, target=Decimal(50), sites=5, counties=[county])
    return CampaignStatus(
        campaign_id="henan", title="t", phase="", day=1, days=2, starts_on=on(7, 17).date(), ends_on=on(7, 18).date(),
        as_of=on(7, 17), sites=SiteCounts(), progress=CampaignProgress(unit=UNIT, target=Decimal(50), surveys=[]),
        cities=[
            CityStatus(
                code="410400", name="平顶山市", deployment=DeploymentStatus(state="approved"), sites=SiteCounts(),
                progress=city,
            )
        ],
    )  # fmt: skip


def test_townships_stand_below_their_county() -> None:
    shown = [(one.city, one.county, one.township, one.code) for one in lines(status())]
    assert shown == [
        ("平顶山市", "", "", "410400"), ("平顶山市", "甲县", "", "c1"), ("平顶山市", "甲县", "甲镇", "t1"),
        ("", "", "", ""),
    ]  # fmt: skip
    town = list(lines(status()))[2]
    assert dict(zip(COLUMNS, town.shown, strict=True))["asked"] == "2.5"


def test_heads_say_the_unit_of_the_target() -> None:
    heads = column_words(status())
    assert heads[:2] == ("progress.target.percent_of_sites", "progress.asked.sites") and len(heads) == len(COLUMNS)
    assert [Words("en")(head) for head in heads][:2] == ["Target (% of the stock's sites)", "Comes to (sites)"]
