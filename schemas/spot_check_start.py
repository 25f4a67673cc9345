"""The input of a spot check's workflow; see `schemas.starts`."""

from typing import Any

from schemas.base import Kept
from schemas.spot_check import SpotCheckTerms


class SpotCheckStart(Kept):
    """The input of `SpotCheckWorkflow`; `state` as in schemas.starts."""

    terms: SpotCheckTerms
    state: dict[str, Any] | None = None
