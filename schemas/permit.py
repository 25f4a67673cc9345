"""A row of the authority table: which role may send a command, for which units, at which stages."""

from enum import StrEnum
from typing import NamedTuple

from schemas.actor import Right, Role
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
    GROUP = "group"
    GROUP_LEADER = "group_leader"
    RESPONSIBLE = "responsible"
    OTHER_COUNTY = "other_county"
    AGENCY = "agency"


class Permit(NamedTuple):
    """One row of the table: this role may send the command, for a unit of this relation, at these stages.

    With `unless` the row applies only if the subject has no unit of that relation. With `right` the unit's office must
    have it (schemas.actor.Right).
    """

    role: Role
    whose: Whose = Whose.ANY
    stages: Stages = UNSAID
    unless: Whose | None = None
    label: str = ""
    """What distinguishes the row from another of the same command and role."""
    right: Right | None = None


def at(stages: Stages, *permits: Permit) -> tuple[Permit, ...]:
    """These permits, with these stages."""
    return tuple(permit._replace(stages=stages) for permit in permits)


BY_PROVINCE = Permit(Role.PROVINCE, Whose.PROVINCE, right=Right.WORKS)


BY_CITY = Permit(Role.CITY, Whose.CITY, right=Right.WORKS)


BY_COUNTY = Permit(Role.COUNTY, Whose.COUNTY, right=Right.WORKS)


BY_TOWNSHIP = Permit(Role.TOWNSHIP, Whose.TOWNSHIP, right=Right.WORKS)


BY_SUPERVISOR = Permit(Role.SUPERVISOR, Whose.SUPERVISION, right=Right.WORKS)


BY_AGENCY = BY_PROVINCE._replace(right=Right.PLAN)
"""Who signs, amends and stops the plan: an issuing agency, whatever else it does."""


BY_POLICE = Permit(Role.POLICE, Whose.POLICE, right=Right.CASES)


BY_ENGINE = Permit(Role.SYSTEM)


BY_INSPECTORS = (BY_PROVINCE, Permit(Role.COUNTY, Whose.OTHER_COUNTY, right=Right.WORKS), Permit(Role.EXPERT))
"""The inspectors of a spot check; the plan selects some of them."""


BY_BUILDER = Permit(Role.ENTERPRISE, Whose.ENTERPRISE, label="builder")


BY_ANY_BUILDER = Permit(Role.ENTERPRISE, unless=Whose.ENTERPRISE)
"""If the register names a building enterprise, only that one reports work."""
