"""The end of the cities' patrols, as the campaign sees it: it stays open until the last of them is over."""

from collections.abc import Iterator
from datetime import datetime

from rules.campaign.options.protocol import CampaignOption
from rules.campaign.state import CampaignState
from schemas.base import StoredModel
from schemas.campaign import CampaignTerms
from schemas.command import Command
from schemas.event import Event
from schemas.options.patrol import PATROL_OF_CAMPAIGN, CityPatrolled, PatrolReported
from schemas.work import AnchorReport


class PatrolEndOption(CampaignOption):
    """A city says that its patrol is over; where that command was lost, the daily anchor finds it."""

    data = PATROL_OF_CAMPAIGN

    def decide(self, terms: CampaignTerms, state: CampaignState, command: Command) -> Iterator[Event]:
        """The patrol of a city is over; nothing where that is known."""
        assert isinstance(command, CityPatrolled)
        if command.code not in state.cities_patrolled:
            yield PatrolReported(code=command.code)

    def observe(
        self, terms: CampaignTerms, state: CampaignState, observation: StoredModel
    ) -> Iterator[tuple[Event, datetime]]:
        """The cities whose patrol is over by the ledger."""
        if isinstance(observation, AnchorReport):
            for code in observation.patrolled_cities:
                if code not in state.cities_patrolled:
                    yield PatrolReported(code=code), observation.at

    def apply(self, state: CampaignState, event: Event, at: datetime) -> None:
        """A city is noted once."""
        if isinstance(event, PatrolReported) and event.code not in state.cities_patrolled:
            state.cities_patrolled = [*state.cities_patrolled, event.code]

    def keeps_open(self, terms: CampaignTerms, state: CampaignState) -> bool:
        """A city of a stopped campaign does not patrol."""
        return terms.patrol is not None and not state.stopped and len(state.cities_patrolled) < len(terms.cities)
