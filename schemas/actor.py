"""The actor of a command, and the names of a subject's units."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import InputModel, StoredModel

_LONGEST = 128
"""Characters of an actor's id or unit."""


class Right(StrEnum):
    """What an office of a plan may do for its province, city or county; an office without any said may do all."""

    PLAN = "plan"
    """Sign, amend and stop the plan."""
    WORKS = "works"
    """Deploy, report, judge, suspend and account for works."""
    CASES = "cases"
    """Take and decide police cases."""
    APPROVALS = "approvals"
    """Approve documents and decide on extensions."""


class Units(StoredModel):
    """The names and codes of a subject's units by their relation to it; a unit in none of them has no relation.

    `province`: the province and its agencies; `supervision`: those, and the supervision groups that the plan names.
    `city`: its code, name, government and bureaus. `county`: the site's, likewise where the plan names it. `township`:
    the site's, empty where the register names none. `enterprise` builds the site, each `department` signs it off; both
    are empty where the register names none.
    """

    province: tuple[str, ...] = ()
    supervision: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    county: tuple[str, ...] = ()
    township: tuple[str, ...] = ()
    enterprise: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    police: tuple[str, ...] = ()
    """Of a site that has a case: its bureau, and the agency that leads the police track."""
    group: tuple[str, ...] = ()
    """Of a city with a joint group under its patrol: the offices of the group; `group_leader` convenes it."""
    group_leader: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    """Of a site: those responsible for it or a requirement, and those to whom it is handed over."""
    other_county: tuple[str, ...] = ()
    """Of a site that is checked on the spot: every county but its own."""
    agency: tuple[str, ...] = ()
    """The agencies that issue the plan; each signs for itself."""
    rights: dict[str, tuple[Right, ...]] = Field(default={}, exclude_if=lambda value: not value)
    """The names among them whose office has only these rights."""

    def has(self, unit: str, right: Right | None) -> bool:
        """Whether an office may do what needs this right; None needs none."""
        return right is None or unit not in self.rights or right in self.rights[unit]

    aliases: dict[str, str] = Field(default={}, exclude_if=lambda named: not named)
    """Other names of one office to the name that stands for it: the name and government of a city to its code."""

    def office(self, unit: str) -> str:
        """The one name by which an office is compared; a unit without another name stands for itself."""
        return self.aliases.get(unit, unit)

    def one_office(self, unit: str, other: str) -> bool:
        """Whether two names are of one office."""
        return self.office(unit) == self.office(other)

    def names_of(self, unit: str) -> tuple[str, ...]:
        """All names of an office, the one that stands for it first."""
        office = self.office(unit)
        return (office, *(name for name, stands in self.aliases.items() if stands == office))

    def names(self) -> Iterator[str]:
        """All names, some of them more than once."""
        yield from (*self.province, *self.supervision, *self.city, *self.county, *self.township, *self.enterprise)
        yield from (*self.department, *self.police, *self.group, *self.group_leader, *self.responsible)
        yield from (*self.other_county, *self.agency)


RELATIONS = tuple(name for name in Units.model_fields if name not in ("aliases", "rights"))
"""The relations of units to a subject, by their field."""


_NO_CONTROL = r"^[^\x00-\x1f]+$"


UnitName = Annotated[str, Field(min_length=1, max_length=128, pattern=_NO_CONTROL)]
"""An office, by the name that its people give as their unit."""

PersonId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]*$")]
"""An opaque id of a person, never a name: ASCII letters, digits and . _ @ -"""


class Role(StrEnum):
    """The offices of a campaign; `system` is the engine itself, `unknown` nobody who could be told from a message."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    ENTERPRISE = "enterprise"
    EXPERT = "expert"
    POLICE = "police"
    DEPARTMENT = "department"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class Actor(InputModel):
    """A person or the engine: `id` is unique to it, `unit` is the office it acts for."""

    id: str = Field(min_length=1, max_length=_LONGEST, pattern=_NO_CONTROL)
    role: Role
    unit: str = Field(min_length=1, max_length=_LONGEST, pattern=_NO_CONTROL)


def unit_name(name: str) -> str:
    """A name of a plan or a register as an actor's id or unit: its first 128 characters."""
    return name[:_LONGEST]


ENGINE = Actor(id="engine", role=Role.SYSTEM, unit="hundred-days")
"""The actor of every event that a deadline causes."""


UNKNOWN_SENDER = Actor(id="unknown sender", role=Role.UNKNOWN, unit="unknown")
"""The actor of an unreadable message whose sender cannot be parsed. No command is permitted to its role."""


PEOPLE = tuple(role for role in Role if role not in (Role.SYSTEM, Role.UNKNOWN))
"""The roles of people, in their order."""
