"""What a spot check asks its shell to do, and what the campaign asks for a spot check; plain data."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StartSpotCheck:
    """Start the workflow of a spot check that was ordered at `at`."""

    at: datetime
    check: str
    city: str | None
    seed: int


@dataclass(frozen=True, slots=True)
class DrawSample:
    """Keep the frame as of `at`, and draw the first sample from it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class EnlargeSample:
    """Draw what the enlarged sample of a unit adds; `at` is the moment of the failure that asks for it."""

    at: datetime
    unit: str


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """Read the sites of a unit's frame, which all go back."""

    at: datetime
    unit: str


OfACheck = DrawSample | EnlargeSample | ReadBatch
SpotCheckEffect = StartSpotCheck | DrawSample | EnlargeSample | ReadBatch
