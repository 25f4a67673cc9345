"""Spot checks as an option of the campaign: drawn on the days of its plan, one a city, or ordered by the province."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rules.calendar import start_of
from rules.campaign.options.protocol import CampaignOption, Due
from rules.campaign.state import CampaignState
from rules.effects import Effect, StartSpotCheck
from schemas import spot_check as sc
from schemas.campaign import CampaignTerms
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.spot_checks import SPOT_CHECKS, DrawSpotCheck, SpotCheckOrdered
from schemas.stages import CampaignStage

DRAW_HOUR = timedelta(hours=5)
"""The frame is taken at five in the morning, after the anchor and before anybody works."""


class SpotCheckOption(CampaignOption):
    """The campaign orders checks; each is a workflow of its own."""

    data = SPOT_CHECKS

    def decide(self, terms: CampaignTerms, state: CampaignState, command: Command) -> Iterator[Event]:
        """The order of the province; raises Refused, saying what is allowed."""
        assert isinstance(command, DrawSpotCheck)
        yield _ordered(terms, state, command)

    def deadlines(self, terms: CampaignTerms, state: CampaignState, now: datetime) -> Iterator[Due]:
        """The next check of the plan."""
        yield from _next_draw(terms, state)

    def apply(self, state: CampaignState, event: Event, at: datetime) -> None:
        """The check is known by its id."""
        if isinstance(event, SpotCheckOrdered):
            state.spot_checks = [*state.spot_checks, event.check]

    def effects(self, event: Event, at: datetime) -> Iterator[Effect]:
        """The check is started."""
        if isinstance(event, SpotCheckOrdered):
            yield start_of_check(event, at)


def _next_draw(terms: CampaignTerms, state: CampaignState) -> Iterator[tuple[datetime, SpotCheckOrdered]]:
    """The next check of the plan, if one is left; those of one day follow each other in the order of the cities."""
    plan = terms.spot_check
    if plan is None:
        return
    known = set(state.spot_checks)
    for day in sorted(plan.draws):
        for city in terms.cities:
            check = f"{day}-{city.code}"
            at = max(start_of(terms.calendar, day) + DRAW_HOUR, state.issued_at or terms.issues_at)
            # What an amendment brought later had nothing to draw from on the days before it.
            if check not in known and at >= state.joined.get(city.code, at):
                yield at, SpotCheckOrdered(check=check, city=city.code, seed=plan.seed)
                return


def _ordered(terms: CampaignTerms, state: CampaignState, command: DrawSpotCheck) -> SpotCheckOrdered:
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
    return SpotCheckOrdered(check=command.check, city=command.city, seed=seed)


def start_of_check(event: SpotCheckOrdered, at: datetime) -> StartSpotCheck:
    """The effect that an order asks for."""
    return StartSpotCheck(at, event.check, event.city, event.seed)


def spot_check_terms(terms: CampaignTerms, effect: StartSpotCheck) -> sc.SpotCheckTerms:
    """The terms of one check; only for a campaign whose plan has spot checks."""
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
