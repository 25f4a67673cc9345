"""The stages of every subject, and the stages at which a command may be sent.

A site and a campaign have stages of their own. A city has those of its deployment while the campaign runs; then it
is `ended` until its documents are settled. A delivery has the state of its channels.
"""

from enum import StrEnum
from typing import Any, NamedTuple

from schemas.documents.document import DeliveryState


class Stage(StrEnum):
    """The stages of a site, in order."""

    REGISTERED = "registered"
    RECTIFYING = "rectifying"
    VERIFYING = "verifying"
    CLOSED = "closed"
    CARRIED_OVER = "carried_over"


OPEN = frozenset({Stage.RECTIFYING, Stage.VERIFYING})


SETTLED = frozenset({Stage.CLOSED, Stage.CARRIED_OVER})


class Deployment(StrEnum):
    """The stages of a city's deployment (动员部署)."""

    AWAITED = "awaited"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class CampaignStage(StrEnum):
    """The stages of a campaign."""

    ISSUING = "issuing"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"
    STOPPED = "stopped"


class CheckStage(StrEnum):
    """The stages of a spot check."""

    ORDERED = "ordered"
    DRAWN = "drawn"
    CLOSED = "closed"


class CityStage(StrEnum):
    """The stages of a city."""

    AWAITED = "awaited"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    ENDED = "ended"
    CLOSED = "closed"


class ProgrammeStage(StrEnum):
    """The stages of a programme of several years."""

    RUNNING = "running"
    STOPPED = "stopped"
    """No further year begins; the present one continues to its end."""
    ENDED = "ended"


class Stages(NamedTuple):
    """The stages of each subject at which a command may be sent; empty if the subject does not accept it."""

    site: tuple[Stage, ...] = ()
    city: tuple[CityStage, ...] = ()
    campaign: tuple[CampaignStage, ...] = ()
    delivery: tuple[DeliveryState, ...] = ()
    spot_check: tuple[CheckStage, ...] = ()
    programme: tuple[ProgrammeStage, ...] = ()

    def together_with(self, other: "Stages") -> "Stages":
        """The stages of both."""
        both: dict[str, Any] = {
            subject: tuple(dict.fromkeys((*own, *more)))
            for subject, own, more in zip(self._fields, self, other, strict=True)
        }
        return self._replace(**both)


UNSAID = Stages()


RECTIFYING = Stages(site=(Stage.RECTIFYING,))


VERIFYING = Stages(site=(Stage.VERIFYING,))


OPEN_SITE = Stages(site=(Stage.RECTIFYING, Stage.VERIFYING))


UNSETTLED_SITE = Stages(site=(Stage.REGISTERED, Stage.RECTIFYING, Stage.VERIFYING))


WITH_A_CASE = Stages(site=(Stage.RECTIFYING, Stage.VERIFYING, Stage.CLOSED))


STRUCK_OFF = Stages(site=(Stage.CLOSED,))


TO_BE_SUBMITTED = Stages(city=(CityStage.AWAITED, CityStage.SUBMITTED, CityStage.RETURNED))


SUBMITTED = Stages(city=(CityStage.SUBMITTED,))


RUNNING_CITY = Stages(city=(CityStage.AWAITED, CityStage.SUBMITTED, CityStage.RETURNED, CityStage.APPROVED))


UNCLOSED_CITY = Stages(city=(*RUNNING_CITY.city, CityStage.ENDED))


BEFORE_THE_END = Stages(campaign=(CampaignStage.ISSUING, CampaignStage.RUNNING))


RUNNING_CAMPAIGN = Stages(campaign=(CampaignStage.RUNNING,))


UNCLOSED_CAMPAIGN = Stages(campaign=(*BEFORE_THE_END.campaign, CampaignStage.CLOSING))


PATROLLED = Stages(city=(CityStage.APPROVED, CityStage.ENDED))
"""From the first strike-off on, until the patrol is over."""


PATROLLED_CAMPAIGN = Stages(campaign=tuple(CampaignStage))
"""Until the patrol of every city is over."""


RUNNING_PROGRAMME = Stages(programme=(ProgrammeStage.RUNNING,))


DEAD_LETTER = Stages(delivery=(DeliveryState.FAILED,))


DRAWN_CHECK = Stages(spot_check=(CheckStage.DRAWN,))
