"""`CampaignOption`: what an option of the plan adds to its campaign. `rules.campaign.options.registry` lists them."""

from collections.abc import Iterable
from datetime import datetime

from rules.campaign.state import CampaignState
from rules.documents.state import PlannedDocument
from rules.effects import Effect
from schemas.base import StoredModel
from schemas.campaign import CampaignTerms
from schemas.command import Command
from schemas.event import Event
from schemas.ledger import Notice
from schemas.option import Option

Due = tuple[datetime, Event | Effect]
"""What happens by itself: the instant, and the event to record or the effect to ask for."""


class CampaignOption:
    """Hooks of `rules.campaign.aggregate.CampaignAggregate`. Each does nothing by default.

    An option has no state of its own: the plan is in the terms, what happened in the campaign's state. `apply` and
    `note_asked` change the state in place; all others only read.
    """

    data: Option
    """Its commands, events and permits."""

    def decide(self, terms: CampaignTerms, state: CampaignState, command: Command) -> Iterable[Event]:
        """The events that follow from one of the option's commands; raises Refused."""
        return ()

    def deadlines(self, terms: CampaignTerms, state: CampaignState, now: datetime) -> Iterable[Due]:
        """What is due while the campaign runs."""
        return ()

    def before_the_end(self, terms: CampaignTerms, state: CampaignState, now: datetime) -> Iterable[Due]:
        """What is due until the campaign's end, also while its plan is not issued."""
        return ()

    def issues_at(self, terms: CampaignTerms, state: CampaignState) -> datetime | None:
        """When the plan may be issued at the earliest; None while the option holds it back."""
        return terms.issues_at

    def note_asked(self, state: CampaignState, effect: Effect) -> None:
        """Remember that an effect was asked for, so that it is asked for once."""

    def observe(
        self, terms: CampaignTerms, state: CampaignState, observation: StoredModel
    ) -> Iterable[tuple[Event, datetime]]:
        """What follows from the result of an effect, and when it happened; nothing for the same result again."""
        return ()

    def apply(self, state: CampaignState, event: Event, at: datetime) -> None:
        """Apply one event to the state."""

    def effects(self, event: Event, at: datetime) -> Iterable[Effect]:
        """What an event asks for."""
        return ()

    def documents(
        self, terms: CampaignTerms, state: CampaignState, event: Event, at: datetime
    ) -> Iterable[PlannedDocument]:
        """The documents of the campaign itself that an event brings; they leave at the next dispatch hour."""
        return ()

    def notices(self, terms: CampaignTerms, state: CampaignState, event: Event, at: datetime) -> Iterable[Notice]:
        """What an event has the cities send with their next dispatch; the event is applied."""
        return ()

    def keeps_open(self, terms: CampaignTerms, state: CampaignState) -> bool:
        """Whether a closed campaign still runs: until then its ledger is anchored and a lost city is restarted."""
        return False
