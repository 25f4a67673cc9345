"""What the status of a site says of corrections of its register row."""

from datetime import UTC, datetime
from typing import Any

from commands.site.view import correction_words, known_as
from schemas.status import SiteStatus


def status(facts: dict[str, Any]) -> SiteStatus:
    return SiteStatus(
        campaign_id="henan-2021",
        site={"name": "Pit", "latitude": 33.5, "responsible": []},
        stage="rectifying",
        round=1,
        level=None,
        rung=0,
        suspended=False,
        overdue=False,
        due_at=None,
        opened_at=None,
        settled_at=None,
        requirements=2,
        requirements_done=0,
        extensions=0,
        suspensions=0,
        as_of=datetime(2021, 8, 1, tzinfo=UTC),
        facts=facts,
    )


def test_corrected_field_shown_with_registered_value() -> None:
    corrected = status({"corrections": {"name": "Pit one", "responsible": ["A", "B"]}})
    assert known_as(corrected) == "Pit one"
    assert list(correction_words(corrected)) == [
        ("corrected", "name: Pit one (registered: Pit)"),
        ("", "responsible: A, B (registered: none)"),
    ]


def test_a_site_that_was_not_corrected_bears_its_registered_name() -> None:
    assert known_as(status({})) == "Pit" and not list(correction_words(status({})))
