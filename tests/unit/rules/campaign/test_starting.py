"""Who may start a campaign."""

import pytest

from rules.campaign.starting import starter_of
from schemas.actor import Actor, Role
from schemas.errors import Refused
from tests.support.escalating_city import frozen
from tests.support.joint_plans import POLICE, agency_actor

PLAN = frozen("2021-07-19", "2021-12-31").plan


def test_starter_is_of_a_unit_as_the_plan_spells_it() -> None:
    assert starter_of(PLAN, agency_actor(f" {POLICE}")).unit == POLICE
    assert starter_of(PLAN, agency_actor("河南省")).unit == "河南省"


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        (agency_actor("省财政厅"), "is started for one of: 河南省, 自然资源厅, 公安厅"),
        (Actor(id="li", role=Role.CITY, unit="平顶山市"), "by the role province"),
    ],
)
def test_starter_of_another_unit_or_role_is_refused(actor: Actor, said: str) -> None:
    with pytest.raises(Refused, match=said):
        starter_of(PLAN, actor)
