"""Campaign time as a function of real time; the identity in production."""

from datetime import datetime

from pydantic import Field

from schemas.base import Instant, StoredModel
from schemas.event import new_field


class Clock(StoredModel):
    """`campaign = campaign_origin + (real - real_origin) * rate`; without origins the two are the same.

    A rehearsal compresses time: rate 86400 is one day per second. A stepped clock stays at `campaign_origin` until a
    message moves it, independent of real time. The rules never see real time.
    """

    real_origin: Instant | None = None
    campaign_origin: Instant | None = None
    rate: float = Field(default=1.0, gt=0)
    """Campaign seconds per real second; for a stepped clock the highest rate that is expected."""
    stepped: bool = new_field(False)
    """Whether messages move the clock (`workflows.stepping`); `campaign_origin` is then its present time."""

    def campaign_time(self, real: datetime) -> datetime:
        """The campaign's time at a real instant."""
        if self.stepped and self.campaign_origin is not None:
            return self.campaign_origin
        if self.real_origin is None or self.campaign_origin is None:
            return real
        return self.campaign_origin + (real - self.real_origin) * self.rate

    def real_seconds(self, campaign_seconds: float) -> float:
        """The real seconds of a span of campaign time."""
        return campaign_seconds / self.rate

    def moved_to(self, at: datetime) -> "Clock":
        """The stepped clock, moved to `at`."""
        return self.model_copy(update={"campaign_origin": at})
