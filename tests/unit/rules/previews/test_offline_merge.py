"""The merge of offline edits with changes of others."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.previews.offline_merge import DONE, merged, touched
from schemas.actor import ENGINE
from schemas.event import Event
from schemas.ledger import LedgerEntry
from schemas.site.events import SITE_EVENTS

FIELDS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2))


def by_the_book(was: Any, mine: Any, now: Any) -> str:
    """The merge of one field, implemented a second time."""
    if mine == was:
        return "untouched"
    if mine == now:
        return "agreed"
    return "edit" if now == was else "conflict"


@given(FIELDS, FIELDS, FIELDS)
def test_every_field_is_an_edit_a_conflict_agreed_or_untouched(
    exported: dict[str, int], yours: dict[str, int], theirs: dict[str, int]
) -> None:
    found = merged(exported, yours, theirs)
    said = {e.field: "edit" for e in found.edits} | {c.field: "conflict" for c in found.conflicts}
    said |= dict.fromkeys(found.agreed, "agreed")
    expected = {f: by_the_book(exported.get(f), yours[f], theirs.get(f)) for f in yours}
    assert said == {f: what for f, what in expected.items() if what != "untouched"}


@given(FIELDS, FIELDS)
def test_unedited_file_yields_no_edits_or_conflicts(exported: dict[str, int], theirs: dict[str, int]) -> None:
    found = merged(exported, exported, theirs)
    assert not found.edits and not found.conflicts and not found.agreed


@given(FIELDS, FIELDS)
def test_where_nobody_else_did_anything_every_edit_is_taken(exported: dict[str, int], yours: dict[str, int]) -> None:
    found = merged(exported, yours, exported)
    assert not found.conflicts
    assert {e.field: e.yours for e in found.edits} == {f: v for f, v in yours.items() if v != exported.get(f)}


@pytest.mark.parametrize("event", [e for e in SITE_EVENTS.values() if "failed_requirements" in e.model_fields])
def test_every_rework_event_named_as_changing_work_done(event: type[Event]) -> None:
    at = datetime(2021, 9, 1, tzinfo=UTC)
    entry = LedgerEntry(
        stream="site/c/s",
        seq=1,
        kind=event.model_fields["kind"].default,
        at=at,
        received_at=at,
        actor=ENGINE.model_dump_json(),
        data='{"failed_requirements": ["seal"]}',
        prev_hash="",
        hash="",
    )
    assert list(touched(entry)) == [f"{DONE}seal"]


@pytest.mark.parametrize(("said", "changed"), [("", [f"{DONE}seal"]), (',"counts":false', [])])
def test_report_of_sent_back_work_changes_no_work_done(said: str, changed: list[str]) -> None:
    at = datetime(2021, 9, 1, tzinfo=UTC)
    entry = LedgerEntry(
        stream="site/c/s",
        seq=1,
        kind="task_reported",
        at=at,
        received_at=at,
        actor=ENGINE.model_dump_json(),
        data=f'{{"requirement":"seal","quantity":1{said}}}',
        prev_hash="",
        hash="",
    )
    assert list(touched(entry)) == changed
