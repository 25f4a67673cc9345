"""Who may send which command: the rows of the authority table. `rules.authority` reads them."""

from enum import StrEnum
from typing import NamedTuple

from schemas import stages as st
from schemas.actor import Role
from schemas.stages import Stages


class Whose(StrEnum):
    """Which units may: those of the subject that the relation names, or any."""

    ANY = "any"
    PROVINCE = "province"
    SUPERVISION = "supervision"
    CITY = "city"
    COUNTY = "county"
    ENTERPRISE = "enterprise"
    DEPARTMENT = "department"
    POLICE = "police"
    OTHER_COUNTY = "other_county"


class Permit(NamedTuple):
    """One row of the table: this role may, acting for a unit of this relation, at these stages.

    With `unless` the row holds only where the subject names no unit of that relation.
    """

    role: Role
    whose: Whose = Whose.ANY
    stages: Stages = st.UNSAID
    unless: Whose | None = None
    label: str = ""
    """What tells the row from another of the same command and role."""


def at(stages: Stages, *permits: Permit) -> tuple[Permit, ...]:
    """These permits, at these stages."""
    return tuple(permit._replace(stages=stages) for permit in permits)


_PROVINCE = Permit(Role.PROVINCE, Whose.PROVINCE)


_CITY = Permit(Role.CITY, Whose.CITY)


_COUNTY = Permit(Role.COUNTY, Whose.COUNTY)


_SUPERVISOR = Permit(Role.SUPERVISOR, Whose.SUPERVISION)


_ENGINE = Permit(Role.SYSTEM)


_INSPECTORS = (_PROVINCE, Permit(Role.COUNTY, Whose.OTHER_COUNTY), Permit(Role.EXPERT))
"""Of a spot check; which of them a campaign has, its plan says."""


_BUILDER = Permit(Role.ENTERPRISE, Whose.ENTERPRISE, label="builder")


_ANY_BUILDER = Permit(Role.ENTERPRISE, unless=Whose.ENTERPRISE)
"""Where the register names a building enterprise, that one alone reports."""


PERMITS: dict[str, tuple[Permit, ...]] = {
    "complete_task": at(
        st.OPEN_SITE,
        _CITY._replace(unless=Whose.ENTERPRISE),
        _COUNTY._replace(unless=Whose.ENTERPRISE),
        _BUILDER,
        _ANY_BUILDER,
    ),
    "verify": at(st.VERIFYING, _PROVINCE, _CITY, _COUNTY, Permit(Role.EXPERT)),
    "self_check": at(st.VERIFYING, _BUILDER, _ANY_BUILDER, _COUNTY, _CITY),
    "give_opinion": at(st.VERIFYING, Permit(Role.EXPERT)),
    "replace_expert": at(st.VERIFYING, _PROVINCE, _CITY),
    "close_problem": at(st.OPEN_SITE, _PROVINCE, _CITY, _COUNTY, Permit(Role.EXPERT)),
    "sign_off": at(st.VERIFYING, Permit(Role.DEPARTMENT, Whose.DEPARTMENT)),
    "request_extension": at(st.RECTIFYING, _CITY, _COUNTY, _BUILDER, _ANY_BUILDER),
    # Who decides is named by the plan: `rules.site.options.extensions` compares it.
    "decide_extension": at(st.RECTIFYING, Permit(Role.PROVINCE), _SUPERVISOR._replace(whose=Whose.ANY)),
    "transfer_case": at(st.WITH_A_CASE, _PROVINCE, _CITY),
    "accept_case": at(st.WITH_A_CASE, Permit(Role.POLICE, Whose.POLICE)),
    "decide_case": at(st.WITH_A_CASE, Permit(Role.POLICE, Whose.POLICE)),
    "extend": at(st.RECTIFYING, _PROVINCE, _SUPERVISOR),
    "suspend": at(st.OPEN_SITE, _PROVINCE, _SUPERVISOR, _CITY),
    "resume": at(st.OPEN_SITE, _PROVINCE, _SUPERVISOR, _CITY),
    "correct": at(st.OPEN_SITE, _PROVINCE, _CITY, _COUNTY),
    "carry_over": at(st.UNSETTLED_SITE, _ENGINE, _PROVINCE),
    "set_mode": at(st.OPEN_SITE, _CITY, _COUNTY),
    "decide_mode": at(st.OPEN_SITE, _PROVINCE),
    "book": at(st.OPEN_SITE, _CITY, _COUNTY),
    # Who signs, replies, approves and lifts is a unit of the document: `rules.documents.rules` compares it.
    "sign_receipt": at(st.UNCLOSED_CITY, Permit(Role.CITY)),
    "submit_deployment": at(st.TO_BE_SUBMITTED, _CITY),
    "return_deployment": at(st.SUBMITTED, _PROVINCE),
    "approve_deployment": at(st.SUBMITTED, _PROVINCE),
    "approve": at(st.UNCLOSED_CITY, Permit(Role.PROVINCE), _SUPERVISOR),
    "reject": at(st.UNCLOSED_CITY, Permit(Role.PROVINCE), _SUPERVISOR),
    "reply": at(st.UNCLOSED_CITY, Permit(Role.CITY)),
    "lift": at(st.UNCLOSED_CITY, Permit(Role.PROVINCE), _SUPERVISOR),
    "survey_added": at(st.RUNNING_CITY, _PROVINCE, _CITY),
    "rung_issued": at(st.OPEN_SITE, _ENGINE),
    "rung_withdrawn": at(st.OPEN_SITE, _ENGINE),
    "hold_climb": at(st.OPEN_SITE, _ENGINE),
    "reopen": at(st.STRUCK_OFF, _ENGINE),
    # Which counties a city has, only its register knows: any county's officer speaks for the patrol.
    "perform_duty": at(st.PATROLLED, _CITY, Permit(Role.COUNTY)),
    "report_finding": at(st.PATROLLED, _PROVINCE, _SUPERVISOR, _CITY, Permit(Role.COUNTY)),
    "look_back": at(st.PATROLLED, _PROVINCE, _SUPERVISOR, _CITY, Permit(Role.COUNTY)),
    "amend": at(st.BEFORE_THE_END, _PROVINCE),
    "amend_city": at(st.RUNNING_CITY, _ENGINE),
    "amend_site": at(st.OPEN_SITE, _ENGINE),
    "stop": at(
        st.RUNNING_CITY.together_with(st.BEFORE_THE_END).together_with(st.RUNNING_PROGRAMME), _PROVINCE, _ENGINE
    ),
    "resend": at(st.DEAD_LETTER, Permit(Role.PROVINCE), Permit(Role.CITY), _SUPERVISOR._replace(whose=Whose.ANY)),
    "city_settled": at(st.UNCLOSED_CAMPAIGN, _ENGINE),
    "city_patrolled": at(st.PATROLLED_CAMPAIGN, _ENGINE),
    "draw_spot_check": at(st.RUNNING_CAMPAIGN, _PROVINCE),
    "take_sample": at(st.DRAWN_CHECK, *_INSPECTORS),
    "inspect": at(st.DRAWN_CHECK, *_INSPECTORS),
}
"""Command to its rows; `at` says to which stages it may be sent."""
