"""Who may send which command: the authority table, of the subjects' own rows and those of every option.

`rules.authority` reads it.
"""

from schemas.actor import Role
from schemas.options.joint import COUNTERSIGNING_PERMITS
from schemas.options.registry import OPTIONS, OptionTable
from schemas.permit import (
    BY_AGENCY,
    BY_ANY_BUILDER,
    BY_BUILDER,
    BY_CITY,
    BY_COUNTY,
    BY_ENGINE,
    BY_INSPECTORS,
    BY_PROVINCE,
    BY_SUPERVISOR,
    BY_TOWNSHIP,
    Permit,
    Whose,
    at,
)
from schemas.stages import (
    BEFORE_THE_END,
    DEAD_LETTER,
    DRAWN_CHECK,
    OPEN_SITE,
    RECTIFYING,
    RUNNING_CITY,
    RUNNING_PROGRAMME,
    STRUCK_OFF,
    SUBMITTED,
    TO_BE_SUBMITTED,
    UNCLOSED_CAMPAIGN,
    UNCLOSED_CITY,
    UNSETTLED_SITE,
    VERIFYING,
)

_SUPERVISOR_OF_DOCUMENT = BY_SUPERVISOR._replace(right=None)


_CORE: dict[str, tuple[Permit, ...]] = {
    "complete_task": at(
        OPEN_SITE,
        BY_CITY._replace(unless=Whose.ENTERPRISE),
        BY_COUNTY._replace(unless=Whose.ENTERPRISE),
        BY_TOWNSHIP._replace(unless=Whose.ENTERPRISE),
        BY_BUILDER,
        BY_ANY_BUILDER,
    ),
    "verify": at(VERIFYING, BY_PROVINCE, BY_CITY, BY_COUNTY, BY_TOWNSHIP, Permit(Role.EXPERT)),
    "extend": at(RECTIFYING, BY_PROVINCE, BY_SUPERVISOR),
    "suspend": at(OPEN_SITE, BY_PROVINCE, BY_SUPERVISOR, BY_CITY),
    "resume": at(OPEN_SITE, BY_PROVINCE, BY_SUPERVISOR, BY_CITY),
    "correct": at(OPEN_SITE, BY_PROVINCE, BY_CITY, BY_COUNTY),
    "carry_over": at(UNSETTLED_SITE, BY_ENGINE, BY_PROVINCE),
    # The document names who signs, replies, approves and lifts: `rules.documents.rules` compares it.
    "sign_receipt": at(UNCLOSED_CITY, Permit(Role.CITY), Permit(Role.COUNTY), Permit(Role.TOWNSHIP)),
    "submit_deployment": at(TO_BE_SUBMITTED, BY_CITY),
    "return_deployment": at(SUBMITTED, BY_PROVINCE),
    "approve_deployment": at(SUBMITTED, BY_PROVINCE),
    "approve": at(UNCLOSED_CITY, Permit(Role.PROVINCE), _SUPERVISOR_OF_DOCUMENT),
    "reject": at(UNCLOSED_CITY, Permit(Role.PROVINCE), _SUPERVISOR_OF_DOCUMENT),
    "reply": at(UNCLOSED_CITY, Permit(Role.CITY), Permit(Role.COUNTY)),
    "lift": at(UNCLOSED_CITY, Permit(Role.PROVINCE), _SUPERVISOR_OF_DOCUMENT),
    "countersign": COUNTERSIGNING_PERMITS,
    "rung_issued": at(OPEN_SITE, BY_ENGINE),
    "rung_withdrawn": at(OPEN_SITE, BY_ENGINE),
    "hold_climb": at(OPEN_SITE, BY_ENGINE),
    "reopen": at(STRUCK_OFF, BY_ENGINE),
    "amend": at(BEFORE_THE_END, BY_AGENCY),
    "amend_city": at(RUNNING_CITY, BY_ENGINE),
    "amend_site": at(OPEN_SITE, BY_ENGINE),
    "stop": at(RUNNING_CITY.together_with(BEFORE_THE_END).together_with(RUNNING_PROGRAMME), BY_AGENCY, BY_ENGINE),
    "hand_in_survey": at(RUNNING_PROGRAMME, BY_PROVINCE, BY_CITY),
    "resend": at(
        DEAD_LETTER, Permit(Role.PROVINCE), Permit(Role.CITY), _SUPERVISOR_OF_DOCUMENT._replace(whose=Whose.ANY)
    ),
    "city_settled": at(UNCLOSED_CAMPAIGN, BY_ENGINE),
    "take_sample": at(DRAWN_CHECK, *BY_INSPECTORS),
    "inspect": at(DRAWN_CHECK, *BY_INSPECTORS),
}


def _permits() -> dict[str, tuple[Permit, ...]]:
    """All rows; those of an option follow the subject's own command that it names."""
    table: dict[str, tuple[Permit, ...]] = {}
    for command in (*_CORE, ""):
        if command:
            table[command] = _CORE[command]
        for option in OPTIONS:
            if option.rows_after == command:
                table.update(option.permits)
    return table


PERMITS = OptionTable(_permits)
"""Command to its rows; `at` are the stages at which it may be sent."""
