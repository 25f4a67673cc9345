"""The plan's option `sign_off`: after the last level of acceptance the departments of a site sign (会签)."""

from typing import Self

from pydantic import model_validator

from schemas.base import Kept, Said
from schemas.calendar import Clause
from schemas.offices import Recipient

SIGN_OFF = "sign_off"
"""The level at which a site stands while its departments sign."""


class SignOffRule(Said):
    """Departments sign within `due`; their silence goes upward, a step higher after each further `upward`.

    The register names the lead government, the departments and the building enterprise of each site;
    `lead_governments` says where the mail of those governments goes.
    """

    due: Clause
    upward: Clause | None = None
    """As long as `due`, if nothing is said."""
    lead_governments: tuple[Recipient, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [one.name for one in self.lead_governments]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"lead_governments: {', '.join(twice)} stands twice, expected once")
        return self


class SignOffTerms(Kept):
    """What it comes to for one site; `departments` are never empty.

    `rungs` are the steps upward, one after the other: 0 is the site's lead government, 1 to 3 the city's government,
    deputy head and head, each once however many of them are one office.
    """

    due: Clause
    upward: Clause
    departments: tuple[str, ...]
    lead_government: str | None = None
    rungs: tuple[int, ...]
