"""The particulars of a ledger entry in words."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from commands.ledger.view import is_deadline, particulars, what_of
from rules.campaign.aggregate import CampaignAggregate
from rules.city.aggregate import CityAggregate
from rules.programme.aggregate import ProgrammeAggregate
from rules.site.aggregate import SiteAggregate
from rules.spot_check.aggregate import SpotCheckAggregate
from tests.support.sample_terms import SiteLife, on, report

MOMENTS = {
    "as_of",
    "claimed_at",
    "closed_at",
    "counts_from",
    "cutoff",
    "frame_at",
    "publishes_at",
    "settled_at",
    "since",
}
DATA = {
    "requirement": "seal",
    "quantity": 2.0,
    "latitude": 33.7201234,
    "evidence": [{"phase": "after", "ref": "IMG 1.jpg"}, {"phase": "before", "ref": "IMG 2.jpg"}],
    "receipt_due": "2021-08-31T16:00:00.000000Z",
    "claimed_at": "2021-08-31T16:00:00.000000Z",
    "option_dues": {"police_track": "2021-08-31T16:00:00.000000Z"},
    "note": None,
    "opened": True,
}


def instants(schema: Any, name: str = "") -> Iterator[str]:
    """The names of the fields of a JSON schema that are instants."""
    if isinstance(schema, list):
        for one in schema:
            yield from instants(one, name)
    elif isinstance(schema, dict):
        if schema.get("format") == "date-time":
            yield name
        for key, value in schema.items():
            if key in ("properties", "$defs"):
                for field, content in value.items():
                    yield from instants(content, field)
            else:
                yield from instants(value, name)


@pytest.mark.parametrize(
    "aggregate", [SiteAggregate, CityAggregate, CampaignAggregate, SpotCheckAggregate, ProgrammeAggregate]
)
def test_every_instant_of_an_event_is_deadline_or_known_moment(aggregate: Any) -> None:
    for kind in aggregate.events:
        for name in instants(aggregate.events[kind].model_json_schema()):
            assert is_deadline(name) != (name in MOMENTS), f"{kind}.{name}: is it a deadline, or a moment?"


def test_particulars_are_words_and_days_of_the_campaign() -> None:
    assert particulars(DATA, ZoneInfo("Asia/Shanghai")) == (
        "requirement: seal, quantity: 2, latitude: 33.7201234, "
        "evidence: [(phase: after, ref: IMG 1.jpg); (phase: before, ref: IMG 2.jpg)], "
        "receipt due: 2021-08-31, claimed at: 2021-09-01 00:00, "
        "option dues: (police track: 2021-08-31), note: none, opened: yes"
    )


def test_a_long_particular_is_cut_with_a_mark() -> None:
    text = particulars({"opinion": "x" * 500, "level": "county"}, ZoneInfo("Asia/Shanghai"))
    assert text.endswith("x…, level: county") and len(text) < 160


def test_warnings_of_a_report_are_shown_whole() -> None:
    site = SiteLife()
    site.at(on(7, 20), report(on(7, 20), "signs", 4, command_id="long"))
    (entry,) = site.of("task_reported")
    what, warning = what_of(entry, ZoneInfo("Asia/Shanghai")).split("\n")
    assert "quantity: 4" in what and "warnings" not in what
    assert warning.startswith("warning: 4 of 3 块 of 'signs'") and warning.endswith("is 4 what you meant?")
