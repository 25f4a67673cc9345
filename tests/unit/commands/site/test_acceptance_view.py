"""What the status of a site says of its problems and of the experts of the awaited level."""

from datetime import UTC, datetime
from typing import Any

from commands.site.view import acceptance_words
from schemas.status import SiteStatus


def status(facts: dict[str, Any]) -> SiteStatus:
    return SiteStatus(
        campaign_id="henan-2021",
        site={},
        stage="verifying",
        round=1,
        level="city",
        rung=0,
        suspended=False,
        overdue=False,
        due_at=None,
        opened_at=None,
        settled_at=None,
        requirements=2,
        requirements_done=2,
        extensions=0,
        suspensions=0,
        as_of=datetime(2021, 8, 1, tzinfo=UTC),
        facts=facts,
    )


def test_each_problem_and_each_expert_has_its_line() -> None:
    facts = {"problem_states": {"adit": "accepted", "pit": "done"}, "panel": {"专家甲": "silent", "专家乙": "failed"}}
    assert list(acceptance_words(status(facts))) == [
        ("problems", "adit: accepted"),
        ("", "pit: done"),
        ("experts", "专家甲: no opinion yet"),
        ("", "专家乙: does not pass it"),
    ]


def test_a_site_that_is_closed_as_a_whole_says_nothing_of_it() -> None:
    assert list(acceptance_words(status({}))) == []
