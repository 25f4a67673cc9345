"""The table of authority as a page: the docs say what the rules do."""

from pathlib import Path

import pytest

from commands.authority.view import RELATIONS, authority_page, markdown, rows
from schemas.errors import NotFound
from schemas.permit import Whose
from schemas.permits import PERMITS

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
            "stages": "site: verifying",
        }
    ]
    assert {row.role for row in rows(role="enterprise")} == {"enterprise"}
    with pytest.raises(NotFound, match="command close: there is none of this name"):
        authority_page("close", None)
