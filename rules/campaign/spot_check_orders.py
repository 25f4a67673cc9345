"""When the campaign has a spot check drawn: on the days of its plan, one a city, and when the province orders one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rules.calendar import start_of
from rules.campaign.state import CampaignState
from rules.effects import StartSpotCheck
from schemas import spot_check as sc
from schemas.campaign import CampaignTerms
from schemas.errors import Refused
from schemas.stages import CampaignStage

DRAW_HOUR = timedelta(hours=5)
"""The frame is taken at five in the morning, after the anchor and before anybody works."""


def next_draw(terms: CampaignTerms, state: CampaignState) -> Iterator[tuple[datetime, sc.SpotCheckOrdered]]:
    """The next check of the plan, if one is left; those of one day follow each other in the order of the cities."""
    plan = terms.spot_check
    if plan is None:
        return
    known = set(state.spot_checks)
    for day in sorted(plan.draws):
        for city in terms.cities:
            check = f"{day}-{city.code}"
            at = max(start_of(terms.calendar, day) + DRAW_HOUR, terms.issues_at)
            # What an amendment brought later had nothing to draw from on the days before it.
            if check not in known and at >= state.joined.get(city.code, at):
                yield at, sc.SpotCheckOrdered(check=check, city=city.code, seed=plan.seed)
                return


def decide_order(terms: CampaignTerms, state: CampaignState, command: sc.DrawSpotCheck) -> sc.SpotCheckOrdered:
    """The order of the province; raises Refused, saying what is allowed."""
    plan, codes = terms.spot_check, [city.code for city in terms.cities]
    if plan is None:
        raise Refused("draw_spot_check is not allowed: the plan has no spot_check, which says how a sample is drawn")
    if state.stage is not CampaignStage.RUNNING:
        raise Refused(
            f"draw_spot_check is not allowed while the campaign is {state.stage}; allowed while it is running"
        )
    if command.check in state.spot_checks:
        raise Refused(f"the spot check {command.check} exists already; give the new one an id of its own")
    if command.city is not None and command.city not in codes:
        raise Refused(f"the campaign has no city {command.city!r}; it has: {', '.join(codes)}")
    seed = plan.seed if command.seed is None else command.seed
    return sc.SpotCheckOrdered(check=command.check, city=command.city, seed=seed)


def start_of_check(event: sc.SpotCheckOrdered, at: datetime) -> StartSpotCheck:
    """What an order asks of the campaign's hands."""
    return StartSpotCheck(at, event.check, event.city, event.seed)


def spot_check_terms(terms: CampaignTerms, effect: StartSpotCheck) -> sc.SpotCheckTerms:
    """What the plan comes to for one check; only for a campaign whose plan has spot checks."""
    assert terms.spot_check is not None  # nothing was ordered else
    return sc.SpotCheckTerms(
        campaign_id=terms.campaign_id,
        check=effect.check,
        city=effect.city,
        seed=effect.seed,
        ordered_at=effect.at,
        plan=terms.spot_check,
        late_report=terms.late_report,
        calendar=terms.calendar,
        clock=terms.clock,
        units=terms.units,
    )
