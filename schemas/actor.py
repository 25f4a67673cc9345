"""Who acts."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Said


class Role(StrEnum):
    """The offices of a campaign; `system` is the engine itself."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    ENTERPRISE = "enterprise"
    EXPERT = "expert"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


class Actor(Said):
    """A person or the engine: `id` is theirs alone, `unit` the office they act for."""

    id: str = Field(min_length=1, max_length=128)
    role: Role
    unit: str = Field(min_length=1, max_length=128)


ENGINE = Actor(id="engine", role=Role.SYSTEM, unit="hundred-days")
"""The actor of everything that a deadline, not a person, brought about."""
