"""An aggregate of every subject in each of its stages, as of `NOW`.

The sample people bring each to its stage under the units of the samples; then it judges by the given units.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from rules.aggregate import Aggregate
from rules.campaign.aggregate import CampaignAggregate
from rules.city.aggregate import CityAggregate
from rules.command_results import Received
from rules.programme.aggregate import ProgrammeAggregate
from rules.site.aggregate import SiteAggregate
from rules.spot_check.aggregate import SpotCheckAggregate
from schemas import commands as cmd
from schemas import spot_check as sc
from schemas.actor import ENGINE, RELATIONS, Right, Units
from schemas.clock import Clock
from schemas.command import Command
from schemas.stages import CampaignStage, CheckStage, CityStage, ProgrammeStage, Stage
from tests.support import sample_terms as sample
from tests.support.imagined_city import CampaignLife, CityLife, campaign_terms, city_terms
from tests.support.sample_terms import SiteLife, all_work, deadline, on, passed, site_terms
from tests.support.signed_site import ASKING

NOW = on(7, 22, 9)

DEPARTMENTS: dict[str, tuple[Right, ...]] = {
    "province": tuple(Right),
    "city": (Right.CASES, Right.WORKS),
    "county": (Right.APPROVALS, Right.CASES),
    "police": (Right.WORKS,),
}
"""Relations of which the samples also have an office for each of these rights alone."""

UNITS = Units(
    **{name: (f"a {name}", *(f"a {name} for {right}" for right in DEPARTMENTS.get(name, ()))) for name in RELATIONS},
    rights={f"a {name} for {right}": (right,) for name, rights in DEPARTMENTS.items() for right in rights},
)
"""One unit of every relation that there is, and departments of some."""


class Subject(NamedTuple):
    """`name` is its field of `schemas.stages.Stages`; `at` gives its aggregate in a stage, with these units."""

    name: str
    commands: Mapping[str, type[Command]]
    stages: type[StrEnum]
    at: Callable[[Any, Units], Aggregate[Any]]


def _site(stage: Stage, units: Units) -> SiteAggregate:
    if stage is Stage.REGISTERED:
        return SiteAggregate(site_terms(opened_at=None, due=None, units=units))
    life = SiteLife()
    if stage in (Stage.VERIFYING, Stage.CLOSED):
        life.at(on(7, 20), *all_work(on(7, 20)))
    if stage is Stage.CLOSED:
        life.at(on(7, 21), passed(on(7, 21), "county"))
        life.at(on(7, 21, 1), passed(on(7, 21, 1), "city", by=sample.CITY))
    if stage is Stage.CARRIED_OVER:
        over = cmd.CarryOver(command_id="over", actor=ENGINE, effective_at=on(7, 21), reason="汛情")
        life.at(on(7, 21), over)
    return SiteAggregate(site_terms(units=units), life.state)


def site_to_be_signed(units: Units) -> SiteAggregate:
    """Its departments are asked."""
    life = SiteLife(sign_off=ASKING)
    life.at(on(7, 20), *all_work(on(7, 20)))
    life.at(on(7, 21), passed(on(7, 21), "county"))
    life.at(on(7, 21, 1), passed(on(7, 21, 1), "city", by=sample.CITY))
    return SiteAggregate(site_terms(sign_off=ASKING, units=units), life.state)


def _city(stage: CityStage, units: Units) -> CityAggregate:
    said: dict[str, Any] = {"effective_at": on(7, 20)}
    life = CityLife(CityAggregate(city_terms()))
    life.at(on(7, 19, 9))
    if stage is not CityStage.AWAITED:
        life.at(on(7, 20), cmd.SubmitDeployment(command_id="1", actor=sample.CITY, opinion="实施意见", **said))
    if stage is CityStage.RETURNED:
        life.at(on(7, 20), cmd.ReturnDeployment(command_id="2", actor=sample.PROVINCE, reason="补充", **said))
    if stage in (CityStage.APPROVED, CityStage.CLOSED):
        life.at(on(7, 20), cmd.ApproveDeployment(command_id="3", actor=sample.PROVINCE, **said))
    if stage in (CityStage.ENDED, CityStage.CLOSED):
        if stage is CityStage.ENDED:
            life.stuck_until = on(12, 1)
        life.at(on(7, 21), cmd.Stop(command_id="4", actor=sample.PROVINCE, effective_at=on(7, 21), reason="汛情"))
    if stage is CityStage.CLOSED:
        life.quiet_until(on(7, 30))
    return CityAggregate(city_terms(units=units), life.core.state)


def _campaign(stage: CampaignStage, units: Units) -> CampaignAggregate:
    life = CampaignLife(CampaignAggregate(campaign_terms()))
    if stage is not CampaignStage.ISSUING:
        life.at(on(7, 17, 9))
    if stage in (CampaignStage.CLOSING, CampaignStage.STOPPED):
        life.at(on(7, 18), cmd.Stop(command_id="1", actor=sample.PROVINCE, effective_at=on(7, 18), reason="汛情"))
    if stage is CampaignStage.CLOSED:
        life.at(deadline(10, 31))
    if stage in (CampaignStage.CLOSED, CampaignStage.STOPPED):
        for city in life.core.terms.cities:
            told = {"command_id": city.code, "actor": ENGINE, "effective_at": life.now, "code": city.code}
            life.at(life.now, cmd.CitySettled(**told))
    return CampaignAggregate(campaign_terms(units=units), life.core.state)


def _spot_check(stage: CheckStage, units: Units) -> SpotCheckAggregate:
    said: dict[str, Any] = {
        "campaign_id": "henan-2021", "check": "c-1", "city": None, "units": units, "ordered_at": on(7, 20),
        "plan": _AnyInspector(), "calendar": sample.HENAN, "clock": Clock(),
        "late_report": sample.calendar_days(3), "seed": 1,
    }  # fmt: skip
    terms = sc.SpotCheckTerms.model_construct(**said)
    case = SpotCheckAggregate(terms)
    case.state.stage = stage
    case.state.counties = UNITS.other_county
    return case


class _AnyInspector:
    """Stands for a spot-check plan that names every kind of inspector."""

    def __init__(self) -> None:
        from schemas.options.spot_checks import Inspectors

        self.inspectors = tuple(Inspectors)


def _programme(stage: ProgrammeStage, units: Units) -> ProgrammeAggregate:
    from rules.terms.plan import programme_terms
    from tests.support.programme_years import YEARS, programme_of

    terms = programme_terms(programme_of(YEARS), Clock()).model_copy(update={"units": sample.UNITS})
    board = ProgrammeAggregate(terms)
    begins = terms.years[0].starts_at + timedelta(hours=1)
    board.advance((), begins)
    if stage is not ProgrammeStage.RUNNING:
        board.state.running = stage is ProgrammeStage.STOPPED
        stop = cmd.Stop(command_id="1", actor=sample.PROVINCE, effective_at=begins, reason="汛情")
        board.advance([Received(stop, begins)], begins)
    return ProgrammeAggregate(terms.model_copy(update={"units": units}), board.state)


SUBJECTS = (
    Subject("site", cmd.SITE_COMMANDS, Stage, _site),
    Subject("city", cmd.CITY_COMMANDS, CityStage, _city),
    Subject("campaign", cmd.CAMPAIGN_COMMANDS, CampaignStage, _campaign),
    Subject("spot_check", cmd.SPOT_CHECK_COMMANDS, CheckStage, _spot_check),
    Subject("programme", cmd.PROGRAMME_COMMANDS, ProgrammeStage, _programme),
)
