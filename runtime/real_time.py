"""The only place that reads the machine's clock; all other code gets the time as an argument."""

from datetime import UTC, datetime


def real_now() -> datetime:
    """Real time in UTC; a `Clock` converts it to campaign time."""
    return datetime.now(UTC)
