"""A city of two counties that deploy, one of them with two townships, and its register; performed in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from rendering.specimens import frozen_plan
from rules.city.aggregate import CityAggregate
from rules.effects import Effect, OpenSites
from rules.terms.counties import counties_of_city, counties_terms
from rules.terms.units import units_of_city
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.calendar import named
from schemas.city import CityTerms
from schemas.offices import City, County, Recipient, Township
from schemas.options.counties import CountyDeployment
from schemas.plan import Plan
from schemas.work import SitesOpenedReport
from tests.support.imagined_city import PAPERS, CityLife, city_terms
from tests.support.sample_terms import working

LUSHAN, BAOFENG = "410423", "410421"


def office(name: str) -> Recipient:
    return Recipient(name=name)


CITY_OF_COUNTIES = City(
    code="410400",
    name="平顶山市",
    lead="市政府",
    government=office("市政府"),
    head=office("市长办公室"),
    recipients=(office("市局"),),
    counties=(
        County(
            code=LUSHAN,
            name="鲁山县",
            government=office("鲁山县政府"),
            head=office("鲁山县长办公室"),
            recipients=(office("鲁山县局"),),
            townships=(
                Township(code="t1", name="示例镇", office=office("示例镇政府")),
                Township(code="t2", name="样板乡"),
            ),
        ),
        County(code=BAOFENG, name="宝丰县", government=office("宝丰县政府")),
    ),
)

OPTION: dict[str, Any] = {
    "receipt": working(1), "deployment": working(3), "decision": working(2), "upward": working(1), "opens_sites": True,
}  # fmt: skip

MAYOR = Actor(id="zhao", role=Role.CITY, unit="410400")
PROVINCE = Actor(id="wang", role=Role.PROVINCE, unit="省自然资源厅")
OF_LUSHAN = Actor(id="li", role=Role.COUNTY, unit=LUSHAN)
OF_BAOFENG = Actor(id="sun", role=Role.COUNTY, unit="宝丰县政府")
OF_T1 = Actor(id="wu", role=Role.TOWNSHIP, unit="示例镇")
OF_T2 = Actor(id="qian", role=Role.TOWNSHIP, unit="t2")


def plan_of_counties(**option: Any) -> Plan:
    return frozen_plan(cities=(CITY_OF_COUNTIES,), county_deployment=CountyDeployment(**OPTION | option)).plan


def terms_of_counties(*, terms: dict[str, Any] | None = None, **option: Any) -> CityTerms:
    plan = plan_of_counties(**option)
    counties = counties_terms(plan.county_deployment, counties_of_city(plan, CITY_OF_COUNTIES))
    documents = PAPERS.model_copy(
        update={
            "levels": {
                "bureaus": ("市局",), "government": ("市政府",), "deputy_head": ("市政府",), "head": ("市长办公室",),
            }
        }
    )  # fmt: skip
    own = {"counties": counties, "units": units_of_city(plan, CITY_OF_COUNTIES), "documents": documents}
    return city_terms(**own | (terms or {}))


class Row(NamedTuple):
    """A site of the register, in the spelling of its county."""

    id: str
    county: str
    survey: str | None = None


ROWS = (
    Row("l1", LUSHAN), Row("l2", "鲁山县"), Row("b1", BAOFENG), Row("x1", "another county"),
    Row("l3", LUSHAN, "S2"), Row("b2", "宝丰县", "S2"), Row("x2", "another county", "S2"),
)  # fmt: skip


@dataclass
class CountyLife(CityLife):
    """Its register is paged as `storage/sql/register/page.sql` does; `opened` are all starts, with their moment."""

    rows: Sequence[Row] = ROWS
    opened: list[tuple[str, datetime]] = field(default_factory=list)

    def _observation(self, effect: Effect) -> Any:
        if not isinstance(effect, OpenSites):
            return super()._observation(effect)
        found = [
            row
            for row in self.rows
            if (row.survey == effect.survey or row.survey in effect.surveys)
            and (not effect.only or row.county in effect.only)
            and row.county not in effect.apart
        ]
        self.opened += [(row.id, effect.at) for row in found]
        due = effect.at + timedelta(days=20)
        return SitesOpenedReport(
            sites=len(found),
            due=due,
            survey=effect.survey,
            county=effect.county,
            clauses=named(due=self.core.terms.deployment),
        )

    def events(self, kind: str) -> list[Any]:
        """Every event of this kind."""
        return [CityAggregate.events[kind].model_validate_json(entry.data) for entry in self.of(kind)]

    def told(self) -> list[dict[str, Any]]:
        """Every county_overdue event."""
        return [dict(event) for event in self.events("county_overdue")]


def life_of_counties(**option: Any) -> CountyLife:
    return CountyLife(CityAggregate(terms_of_counties(**option)))


_numbers = iter(range(10**6))


def say(kind: str, by: Actor, at: datetime, **content: Any) -> cmd.Command:
    """A command of the city's, with what its kind needs."""
    needs: dict[str, Any] = {}
    if kind.startswith("submit"):
        needs["opinion"] = "实施意见"
    if kind.startswith(("return", "stop")):
        needs["reason"] = "补充"
    said = {"kind": kind, "command_id": f"{kind}-{next(_numbers)}", "actor": by, "effective_at": at}
    made: cmd.Command = cmd.CITY_COMMANDS[kind].model_validate(said | needs | content)
    return made
