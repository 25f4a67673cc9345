"""The short campaign with extensions on request and a police track: every third site, without signs, has a case too."""

from intake.plan.freeze import freeze
from schemas.options.extensions import ExtensionRule
from schemas.options.police import CaseClosure, PoliceTrack
from schemas.plan import FrozenPlan, Plan
from schemas.register import Problem, Site
from tests.support.short_campaign import OFFICE, calendar, short_plan, short_register, working


def two_tracks_plan(campaign_id: str, closure: CaseClosure = CaseClosure.BOTH) -> FrozenPlan:
    """Everything in days: a request two days before the expiry, decided within two."""
    options = {
        "extension": ExtensionRule(before=calendar(2), decision=working(2), at_most=1, decider=OFFICE),
        "police_track": PoliceTrack(
            agency="Public Security",
            bureaus={"north": "North police"},
            problems=("suspected_crime",),
            transfer=working(4),
            decision=working(2),
            closure=closure,
        ),
    }
    return freeze(Plan.model_validate(short_plan(campaign_id).plan.model_copy(update=options).model_dump()))


def two_tracks_register() -> list[Site]:
    crime = Problem(kind="suspected_crime")
    return [
        site.model_copy(update={"problems": (*site.problems, crime)}) if site.problems else site
        for site in short_register()
    ]
