"""Targets as an option of the campaign: a city is told of its new target when an amendment splits them anew."""

from collections.abc import Iterator
from datetime import datetime

from rules.campaign.options.protocol import CampaignOption
from rules.campaign.state import CampaignState
from schemas.amendments import PlanAmended
from schemas.campaign import CampaignTerms
from schemas.event import Event
from schemas.ledger import Notice
from schemas.options.targets import TARGETS

TARGET_CHANGE = "target_change"
"""The document that tells a city of its old and new target, with its counties and townships (任务调整通知书)."""


class TargetOption(CampaignOption):
    """The targets are in the terms; only their re-split asks for something."""

    data = TARGETS

    def notices(self, terms: CampaignTerms, state: CampaignState, event: Event, at: datetime) -> Iterator[Notice]:
        """A document for each city of which a unit's target moved; a plan that is not issued yet goes out amended."""
        if not isinstance(event, PlanAmended) or state.issued_at is None:
            return
        unit = terms.targets.unit.sign if terms.targets is not None else ""
        known = {city.code for city in terms.cities}
        for city in dict.fromkeys(move.city for move in event.targets if move.moves and move.city in known):
            own = [move for move in event.targets if move.city == city]
            data = {
                "document": event.document,
                "name": event.title.removeprefix("《").removesuffix("》"),
                "unit": unit,
                "targets": [move.model_dump(mode="json", exclude={"city"}) for move in own],
            }
            key = f"{city}:{TARGET_CHANGE}:{event.amendment}"
            yield Notice(key=key, site_id=None, city=city, kind=TARGET_CHANGE, at=at, data=data)
