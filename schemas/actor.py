"""Who acts."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Said

_NO_CONTROL = r"^[^\x00-\x1f]+$"


class Role(StrEnum):
    """The offices of a campaign; `system` is the engine itself."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    ENTERPRISE = "enterprise"
    EXPERT = "expert"
    POLICE = "police"
    DEPARTMENT = "department"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


class Actor(Said):
    """A person or the engine: `id` is theirs alone, `unit` the office they act for."""

    id: str = Field(min_length=1, max_length=128, pattern=_NO_CONTROL)
    role: Role
    unit: str = Field(min_length=1, max_length=128, pattern=_NO_CONTROL)


ENGINE = Actor(id="engine", role=Role.SYSTEM, unit="hundred-days")
"""The actor of everything that a deadline, not a person, brought about."""
