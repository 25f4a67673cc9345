"""The one place that reads the machine's clock; everything else is told the time."""

from datetime import UTC, datetime


def real_now() -> datetime:
    """Real time in UTC; a campaign's own time is its clock's reading of it."""
    return datetime.now(UTC)
