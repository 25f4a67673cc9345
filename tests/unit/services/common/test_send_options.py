"""Who sends a command, as it is typed."""

import pytest

from schemas.actor import Actor, Role
from services.common.send_options import ROLES, SendOptions, UnknownActor, parse_actor


def test_actor_parsed_as_id_role_unit_and_unit_may_have_colons() -> None:
    assert parse_actor("li:city:410400") == Actor(id="li", role=Role.CITY, unit="410400")
    assert parse_actor("李:county:新华区:国土") == Actor(id="李", role=Role.COUNTY, unit="新华区:国土")


@pytest.mark.parametrize("text", ["", "li", "li:city", "li:city:", ":city:410400", "li::410400"])
def test_half_an_actor_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="id:role:unit, such as"):
        parse_actor(text)


@pytest.mark.parametrize("role", ["mayor", "system", "City"])
def test_a_person_has_a_role_of_people(role: str) -> None:
    with pytest.raises(ValueError, match=f"no role '{role}'; the roles are {', '.join(ROLES)}"):
        parse_actor(f"li:{role}:410400")


def test_an_actor_is_taken_from_the_environment_last() -> None:
    assert SendOptions(as_="a:city:1").actor("b:city:2").id == "a"
    assert SendOptions().actor("b:city:2").id == "b"
    with pytest.raises(UnknownActor, match=r"--as id:role:unit.* or set HUNDRED_DAYS_ACTOR"):
        SendOptions().actor(None)
    with pytest.raises(UnknownActor, match="HUNDRED_DAYS_ACTOR: expected"):
        SendOptions().actor("b")
