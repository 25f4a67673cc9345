"""What a sender is told of a command that does not hold, and of what is left to do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from commands.common.answers import still_to_do
from intake.check import check
from rules.site.aggregate import SiteAggregate
from schemas.actor import Actor, Role
from schemas.command import Command
from schemas.commands import SITE_COMMANDS
from schemas.errors import Refused
from schemas.spot_check import Inspect
from services.common.sending import said_wrong
from services.spot_checks.sending import by_its_code, require_requirements
from tests.support.sample_terms import site_terms
from tests.unit.commands.test_exit_codes import PLAN, REGISTER, run

WHO: Mapping[str, Any] = {
    "command_id": "c",
    "actor": {"id": "he", "role": "county", "unit": "410423"},
    "effective_at": "2021-08-01T10:00:00+08:00",
}


def wrong(model: type[Command], **content: object) -> list[str]:
    with pytest.raises(ValidationError) as raised:
        model.model_validate({**WHO, **content})
    return said_wrong(raised.value)


def test_invalid_command_error_states_expected_and_given_value() -> None:
    assert wrong(Inspect, site="no such/site", passed=True) == [
        "site: expected an id without space, slash or colon, at most 64 characters, not 'no such/site'"
    ]
    booked = wrong(SITE_COMMANDS["book"], amount="1" * 30, unit="cny", reference="r")
    assert any("amount: expected a number of at most 18 digits, not '111" in one for one in booked)
    assert not any("should" in one or "input" in one for one in booked)


def test_what_lacks_evidence_only_says_which() -> None:
    assert still_to_do(
        {"seal": 0.0, "signs": 2.0, "fence": 1.0}, {"seal": ["after"], "signs": ["before", "after"]}
    ) == ("seal (evidence: after), signs 2 (evidence: before, after), fence 1")


def test_a_site_that_is_inspected_knows_what_it_had_to_do() -> None:
    case = SiteAggregate(site_terms())
    known = [r.id for r in case.terms.requirements]
    require_requirements(case, known)
    with pytest.raises(Refused, match=f"no requirement nope; it has: {', '.join(known)}"):
        require_requirements(case, [known[0], "nope"])


def test_an_officer_of_a_county_by_its_name_is_told_of_its_code() -> None:
    counties = ("410423", "410481")
    assert by_its_code(Actor(id="he", role=Role.COUNTY, unit="鲁山县"), counties).endswith(
        "by its code, such as 410423"
    )
    assert by_its_code(Actor(id="he", role=Role.COUNTY, unit="410481"), counties) == ""


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["authority", "--role", "mayor"], "the roles are province"),
        (["export", "c", "--out", "x.pdf"], ".xlsx or .csv"),
        (["extend", "s", "tomorrow", "--reason", "r"], "such as 2026-12-02"),
        (["suspend", "s", "--reason", "r", "--until", "tomorrow"], "such as 2026-12-02"),
    ],
)
def test_what_is_misused_says_what_there_is(arguments: list[object], complaint: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr


def test_a_register_without_rows_is_not_called_sound(tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text(REGISTER.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    done = run("check", PLAN, "--register", register)
    assert done.returncode == 1
    assert "sound: this" not in done.stdout and "nothing to start" in done.stderr
    assert not check(PLAN, register).faults and check(PLAN, register).is_empty
