"""The table of authority as a page: the docs say what the rules do."""

from pathlib import Path

import pytest

from commands.authority.view import RELATIONS, authority_page, markdown, offices_page, rows
from schemas.actor import Right
from schemas.errors import NotFound
from schemas.offices import City, Recipient
from schemas.permit import Whose
from schemas.permits import PERMITS
from tests.support.short_campaign import short_plan

PAGE = Path(__file__).parents[4] / "docs/authority.md"


def test_the_page_of_the_docs_is_the_table_as_it_is() -> None:
    hint = "write it anew: starter.py authority --markdown > docs/authority.md"
    assert PAGE.read_text(encoding="utf-8") == markdown(), hint


def test_every_rule_and_every_relation_is_told_in_words() -> None:
    assert len(list(rows())) == sum(map(len, PERMITS.values()))
    assert set(RELATIONS) == set(Whose)


def test_the_rules_of_one_command_and_of_one_role() -> None:
    assert authority_page("sign_off", None).data == [
        {
            "rule": "sign_off/department",
            "command": "sign_off",
            "role": "department",
            "unit": "coordinating department",
            "right": "",
            "stages": "site: verifying",
        }
    ]
    assert {row.role for row in rows(role="enterprise")} == {"enterprise"}
    with pytest.raises(NotFound, match="command close: there is none of this name"):
        authority_page("close", None)


def test_offices_of_a_plan_have_the_rights_that_follow_and_those_it_says() -> None:
    plan = short_plan().plan
    bureau = City(code="1", name="市", lead="市政府", recipients=(Recipient(name="审批局", rights=(Right.APPROVALS,)),))
    assert offices_page(plan.model_copy(update={"cities": (bureau,)})).data["审批局"] == ["approvals"]
