"""A row of the authority table: which role may send a command, for which units, at which stages."""

from enum import StrEnum
from typing import NamedTuple

from schemas.actor import Role
from schemas.stages import UNSAID, Stages


class Whose(StrEnum):
    """The permitted units: those of the subject in this relation, or any."""

    ANY = "any"
    PROVINCE = "province"
    SUPERVISION = "supervision"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    ENTERPRISE = "enterprise"
    DEPARTMENT = "department"
    POLICE = "police"
    RESPONSIBLE = "responsible"
    OTHER_COUNTY = "other_county"


class Permit(NamedTuple):
    """One row of the table: this role may send the command, for a unit of this relation, at these stages.

    With `unless` the row applies only if the subject has no unit of that relation.
    """

    role: Role
    whose: Whose = Whose.ANY
    stages: Stages = UNSAID
    unless: Whose | None = None
    label: str = ""
    """What distinguishes the row from another of the same command and role."""


def at(stages: Stages, *permits: Permit) -> tuple[Permit, ...]:
    """These permits, with these stages."""
    return tuple(permit._replace(stages=stages) for permit in permits)


BY_PROVINCE = Permit(Role.PROVINCE, Whose.PROVINCE)


BY_CITY = Permit(Role.CITY, Whose.CITY)


BY_COUNTY = Permit(Role.COUNTY, Whose.COUNTY)


BY_TOWNSHIP = Permit(Role.TOWNSHIP, Whose.TOWNSHIP)


BY_SUPERVISOR = Permit(Role.SUPERVISOR, Whose.SUPERVISION)


BY_ENGINE = Permit(Role.SYSTEM)


BY_INSPECTORS = (BY_PROVINCE, Permit(Role.COUNTY, Whose.OTHER_COUNTY), Permit(Role.EXPERT))
"""The inspectors of a spot check; the plan selects some of them."""


BY_BUILDER = Permit(Role.ENTERPRISE, Whose.ENTERPRISE, label="builder")


BY_ANY_BUILDER = Permit(Role.ENTERPRISE, unless=Whose.ENTERPRISE)
"""If the register names a building enterprise, only that one reports work."""
