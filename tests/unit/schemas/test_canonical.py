"""The one written form of JSON, and the hash of an entry against a stranger's recomputation."""

import hashlib
import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.base import iso_utc
from schemas.canonical import canonical_json, entry_hash
from tests.support.budget import examples
from tests.support.chain_proof import instant, written

bounded = settings(max_examples=examples(150), derandomize=True, deadline=None, database=None)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ({"点位": "平硐", "a": "\u00e9\U0001f600"}, '{"a":"é😀","点位":"平硐"}'),
        ({"quantity": 2.0, "area": 0.1}, '{"area":0.1,"quantity":2}'),
        ([1e16, 1.5, -0.0, 1e-7], "[1e+16,1.5,0,1e-07]"),
        ({"nested": [{"z": (1, 2.0), "y": {}}]}, '{"nested":[{"y":{},"z":[1,2]}]}'),
        ('quote " backslash \\ newline \n', '"quote \\" backslash \\\\ newline \\n"'),
        ("\u2028 stays, \x00 is escaped", '"\u2028 stays, \\u0000 is escaped"'),
    ],
)
def test_the_written_form_of(value: Any, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_has_no_written_form(value: float) -> None:
    with pytest.raises(ValueError):
        canonical_json({"deep": [value]})


@bounded
@given(PLAIN)
def test_writing_what_was_read_changes_nothing(value: Any) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


def test_an_instant_is_written_in_utc_with_microseconds() -> None:
    beijing = timezone(timedelta(hours=8))
    assert iso_utc(datetime(2021, 7, 17, 9, tzinfo=beijing)) == "2021-07-17T01:00:00.000000Z"
    assert iso_utc(datetime(2021, 7, 17, 9, 0, 0, 1, tzinfo=UTC)) == "2021-07-17T09:00:00.000001Z"


@bounded
@given(
    prev=st.sampled_from(["", "ab" * 32]),
    stream=TEXT,
    seq=st.integers(1, 10**6),
    kind=TEXT,
    at=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    late=st.timedeltas(timedelta(0), timedelta(days=9)),
    data=st.dictionaries(TEXT, PLAIN, max_size=3),
)
def test_the_hash_is_that_of_the_whole_entry_in_canonical_form(
    prev: str, stream: str, seq: int, kind: str, at: datetime, late: timedelta, data: dict[str, Any]
) -> None:
    actor = {"id": "甲", "role": "county", "unit": "鲁山县"}
    text = canonical_json(data)
    whole = {
        "stream": stream,
        "seq": seq,
        "kind": kind,
        "at": instant(at),
        "received_at": instant(at + late),
        "actor": actor,
        "data": json.loads(text),
    }
    expected = hashlib.sha256(f"{prev}\n{written(whole)}".encode()).hexdigest()
    assert entry_hash(prev, stream, seq, kind, at, at + late, canonical_json(actor), text) == expected


def test_first_entry_of_stream_has_constant_hash() -> None:
    """A vector for other languages: computed once, and a change of it breaks every ledger that was ever written."""
    at = datetime(2021, 7, 17, 1, tzinfo=UTC)
    actor = '{"id":"engine","role":"system","unit":"hundred-days"}'
    digest = entry_hash("", "site/henan-2021/鲁山-001", 1, "opened", at, at, actor, '{"requirements":{"seal":2}}')
    text = (
        '\n{"actor":{"id":"engine","role":"system","unit":"hundred-days"},"at":"2021-07-17T01:00:00.000000Z",'
        '"data":{"requirements":{"seal":2}},"kind":"opened","received_at":"2021-07-17T01:00:00.000000Z","seq":1,'
        '"stream":"site/henan-2021/鲁山-001"}'
    )
    assert digest == hashlib.sha256(text.encode()).hexdigest()
    assert digest == "81eadd74f67204d832345bd3561c5d3f76d034a779e151f0d853cbe5725afe95"
