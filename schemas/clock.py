"""Campaign time as a function of real time; the identity in production."""

from datetime import datetime

from pydantic import Field

from schemas.base import Instant, StoredModel


class Clock(StoredModel):
    """`campaign = campaign_origin + (real - real_origin) * rate`; without origins the two are the same.

    A rehearsal compresses: rate 86400 is a day a second. The rules never see real time.
    """

    real_origin: Instant | None = None
    campaign_origin: Instant | None = None
    rate: float = Field(default=1.0, gt=0)

    def campaign_time(self, real: datetime) -> datetime:
        """The campaign's time at a real instant."""
        if self.real_origin is None or self.campaign_origin is None:
            return real
        return self.campaign_origin + (real - self.real_origin) * self.rate

    def real_seconds(self, campaign_seconds: float) -> float:
        """How long a span of campaign time lasts for real."""
        return campaign_seconds / self.rate
