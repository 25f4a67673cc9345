"""A programme whose first year has passed before it is started."""

from datetime import UTC, datetime

import pytest

from schemas.errors import Refused
from services.programme.launching import refuse_passed
from tests.support.programme_years import YEARS, programme_of

FROZEN = programme_of(YEARS)


def test_start_first_year_over_is_refused() -> None:
    refuse_passed(FROZEN, datetime(2021, 3, 20, tzinfo=UTC))
    with pytest.raises(Refused, match=r"campaign basin-0, ended on 2021-03-26; .* programme forecast"):
        refuse_passed(FROZEN, datetime(2021, 6, 1, tzinfo=UTC))
