"""What earlier releases recorded hashes the same when this one derives it: an upgrade tells no second past."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.canonical import canonical_json
from schemas.events import CAMPAIGN_EVENTS, CITY_EVENTS
from schemas.programme_events import PROGRAMME_EVENTS
from schemas.site.events import SITE_EVENTS
from schemas.spot_check import SPOT_CHECK_EVENTS

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))
SUBJECTS = {
    "campaign": CAMPAIGN_EVENTS.values(),
    "city": CITY_EVENTS.values(),
    "site": SITE_EVENTS.values(),
    "spot-check": SPOT_CHECK_EVENTS,
    "programme": PROGRAMME_EVENTS,
}


def recorded(value: Any) -> Iterator[dict[str, Any]]:
    """Every ledger entry in the payloads of a history."""
    if isinstance(value, list):
        for item in value:
            yield from recorded(item)
    elif isinstance(value, dict):
        if isinstance(value.get("data"), str) and "metadata" in value:
            content = json.loads(base64.b64decode(value["data"]) or b"null")
            if isinstance(content, dict):
                entries = content.get("entries")
                yield from entries if isinstance(entries, list) else ()
        else:
            yield from recorded(list(value.values()))


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_earlier_release_entry_reserialized_byte_for_byte(path: Path) -> None:
    for entry in recorded(json.loads(path.read_text())):
        kinds = {event.model_fields["kind"].default: event for event in SUBJECTS[entry["stream"].partition("/")[0]]}
        event = kinds[entry["kind"]].model_validate_json(entry["data"])
        again = canonical_json(event.model_dump(mode="json", exclude={"kind"}, exclude_none=True))
        assert again == entry["data"], entry["kind"]


def test_the_histories_hold_entries() -> None:
    assert sum(1 for path in HISTORIES for _ in recorded(json.loads(path.read_text()))) > 30
