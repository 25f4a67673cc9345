"""The authority table: every role with every command."""

import pytest

from rules.authority import require_authority
from schemas.actor import RELATIONS, Actor, Role, Units
from schemas.commands import CAMPAIGN_COMMANDS, CITY_COMMANDS, DELIVERY_COMMANDS, PROGRAMME_COMMANDS, SITE_COMMANDS
from schemas.errors import Refused
from schemas.permits import PERMITS
from schemas.spot_check import SPOT_CHECK_COMMANDS

P, C, CO, EN, EX, SU, SY = (
    Role.PROVINCE,
    Role.CITY,
    Role.COUNTY,
    Role.ENTERPRISE,
    Role.EXPERT,
    Role.SUPERVISOR,
    Role.SYSTEM,
)
DE, PO, TO = Role.DEPARTMENT, Role.POLICE, Role.TOWNSHIP
EXPECTED: dict[str, set[Role]] = {
    "complete_task": {C, CO, TO, EN},
    "verify": {P, C, CO, TO, EX},
    "self_check": {EN, TO, CO, C},
    "give_opinion": {EX},
    "replace_expert": {P, C},
    "close_problem": {P, C, CO, TO, EX},
    "sign_off": {DE},
    "regrade": {P, C, CO},
    "request_extension": {C, CO, EN},
    "decide_extension": {P, SU},
    "transfer_case": {P, C},
    "accept_case": {PO},
    "decide_case": {PO},
    "correct": {P, C, CO},
    "suspend_sites": {P, SU, C},
    "resume_sites": {P, SU, C},
    "assign": {C, CO},
    "hand_over": {C, CO, TO, EN, DE, PO},
    "take_over": {C, CO, TO, EN, DE, PO},
    "replace_enterprise": {C, CO},
    "decide_replacement": {P},
    "take_over_works": {C, CO},
    "charge_cost": {C, CO},
    "set_mode": {C, CO},
    "decide_mode": {P},
    "book": {C, CO},
    "survey_added": {P, C},
    "issue_patches": {P},
    "report_clue": {PO},
    "confirm_patch": {CO},
    "refute_patch": {CO},
    "extend": {P, SU},
    "suspend": {P, SU, C},
    "resume": {P, SU, C},
    "carry_over": {P, SY},
    "sign_receipt": {C, CO, TO},
    "submit_deployment": {C},
    "return_deployment": {P},
    "approve_deployment": {P},
    "sign_county_receipt": {CO, TO},
    "submit_county_deployment": {CO, TO},
    "return_county_deployment": {C, CO, P},
    "approve_county_deployment": {C, CO, P},
    "call_department": {CO},
    "answer_call": {DE},
    "approve": {P, SU},
    "reject": {P, SU},
    "reply": {C, CO},
    "lift": {P, SU},
    "rung_issued": {SY},
    "rung_withdrawn": {SY},
    "hold_climb": {SY},
    "reopen": {SY},
    "perform_duty": {C, CO, DE},
    "hold_meeting": {DE},
    "report_resolution": {DE},
    "refer_case": {DE, C},
    "receive_case": {PO, DE},
    "report_finding": {P, SU, C, CO, DE},
    "look_back": {P, SU, C, CO},
    "city_patrolled": {SY},
    "amend": {P},
    "sign_plan": {P},
    "countersign": {P},
    "amend_city": {SY},
    "amend_site": {SY},
    "resend": {P, C, SU},
    "stop": {P, SY},
    "hand_in_survey": {P, C},
    "city_settled": {SY},
    "draw_spot_check": {P},
    "take_sample": {P, CO, EX},
    "inspect": {P, CO, EX},
}


OFFICE = "somebody's office"
UNITS = Units(**{name: (OFFICE,) for name in RELATIONS if name != "enterprise"})
"""The office is in every relation; if an enterprise were named, city and county could not report work."""


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("command", list(EXPECTED))
def test_a_command_is_for_its_roles_only(command: str, role: Role) -> None:
    actor = Actor(id="somebody", role=role, unit=OFFICE)
    if role in EXPECTED[command]:
        require_authority(actor, command, UNITS)
        return
    with pytest.raises(Refused) as refused:
        require_authority(actor, command, UNITS)
    said = str(refused.value)
    assert said.startswith(f"rule {command}/*: {command} is for the roles ")
    assert said.endswith(f"somebody acts as {role}")
    assert all(allowed.value in said for allowed in EXPECTED[command])


def test_every_command_there_is_has_its_rule() -> None:
    spoken = SITE_COMMANDS.keys() | CITY_COMMANDS.keys() | CAMPAIGN_COMMANDS.keys() | DELIVERY_COMMANDS.keys()
    spoken |= SPOT_CHECK_COMMANDS.keys() | PROGRAMME_COMMANDS.keys()
    assert spoken == set(PERMITS) == set(EXPECTED)
