"""What somebody must say in writing is not said by blanks."""

import pytest
from pydantic import ValidationError

from schemas.commands import CAMPAIGN_COMMANDS, CITY_COMMANDS, SITE_COMMANDS, SPOT_CHECK_COMMANDS
from schemas.site.correction import Corrections
from tests.support.sample_terms import CITY, on
from tests.support.specimen_commands import specimen

WORDS = ("reason", "opinion", "text")
COMMANDS = {**SITE_COMMANDS, **CITY_COMMANDS, **CAMPAIGN_COMMANDS, **SPOT_CHECK_COMMANDS}
SAID = [(kind, name) for kind, model in COMMANDS.items() for name in WORDS if name in model.model_fields]


@pytest.mark.parametrize(("kind", "name"), SAID)
@pytest.mark.parametrize("blank", ["", "  ", "\u3000\n"])
def test_blanks_are_no_reason(kind: str, name: str, blank: str) -> None:
    said = specimen(COMMANDS[kind], CITY, on(7, 20)).model_dump(mode="json")
    with pytest.raises(ValidationError) as found:
        COMMANDS[kind].model_validate({**said, name: blank})
    assert (name,) in [fault["loc"] for fault in found.value.errors()]


@pytest.mark.parametrize("field", ["name", "mineral"])
def test_blanks_are_no_name(field: str) -> None:
    with pytest.raises(ValidationError):
        Corrections.model_validate({field: "  "})
