"""Messages from anywhere: whatever arrives becomes a command, or something that can be recorded as refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from rules.command_results import Received
from rules.site.aggregate import SiteAggregate
from rules.terms.plan import site_terms
from schemas.actor import UNKNOWN_SENDER, Actor, Role
from schemas.answers import Verdict
from schemas.canonical import canonical_json
from schemas.clock import Clock
from schemas.commands import SITE_COMMANDS, Unreadable
from tests.support.plans import frozen_plan, report, site
from workflows.message_parsing import read_command

OPENED = datetime(2021, 7, 20, tzinfo=UTC)
NOW = OPENED + timedelta(days=3)


def message(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


def judged(name: str, *args: RawValue) -> Any:
    """What a site's case makes of a message."""
    command = read_command(SITE_COMMANDS, name, args, NOW)
    case = SiteAggregate(site_terms(frozen_plan("mail"), site(1), OPENED, Clock()))
    outcome = case.advance([Received(command, NOW)], NOW)
    assert len(outcome.judgements) == 1
    return command, next(iter(outcome.judgements.values())), outcome.entries[-1]


HOSTILE = [
    b"",
    b"null",
    b"[" * 200_000,
    b'{"command_id": "\\ud800"}',
    b'{"command_id": "a\\u0000b"}',
    b'{"command_id": "a\x00b"}',
    b'{"command_id": "x", "effective_at": "0001-01-01T00:00:00+08:00"}',
    b'{"command_id": "x", "effective_at": "9999-12-31T23:59:59-08:00"}',
    b'{"command_id": "x", "effective_at": "2021-08-01T00:00:00"}',
    b'{"quantity": NaN}',
    b"\xff\xfe",
    b'{"command_id": 7, "actor": {"id": "x", "role": "king", "unit": "y"}}',
]


@pytest.mark.parametrize("data", HOSTILE, ids=lambda data: repr(data[:30]))
def test_a_hostile_message_is_recorded_as_refused(data: bytes) -> None:
    command, judgement, entry = judged("complete_task", message(data))
    assert isinstance(command, Unreadable)
    assert judgement.verdict is Verdict.REFUSED
    assert entry.kind == "refused"
    assert "\x00" not in entry.data and "\\u0000" not in entry.data.replace("\\\\u0000", "")


@pytest.mark.parametrize("data", HOSTILE, ids=lambda data: repr(data[:30]))
def test_message_without_readable_sender_is_from_nobody_known(data: bytes) -> None:
    command, _, entry = judged("complete_task", message(data))
    assert command.actor == UNKNOWN_SENDER and Actor.model_validate_json(entry.actor) == UNKNOWN_SENDER


def test_sender_of_unreadable_message_is_kept_where_it_parses() -> None:
    said = b'{"actor": {"id": "zhao", "role": "county", "unit": "410404"}, "quantity": "many"}'
    command, _, _ = judged("complete_task", message(said))
    assert isinstance(command, Unreadable) and command.actor == Actor(id="zhao", role=Role.COUNTY, unit="410404")


@given(st.binary(max_size=200), st.sampled_from(["complete_task", "verify", "nonsense", "", "\x00"]))
def test_no_bytes_break_the_mailbox(data: bytes, name: str) -> None:
    _, judgement, entry = judged(name, message(data))
    assert judgement.verdict is Verdict.REFUSED
    assert entry.kind == "refused"


def test_another_encoding_is_refused_with_what_was_expected() -> None:
    command, _, _ = judged("complete_task", message(b"\x0a\x01", b"binary/protobuf"))
    assert "expected one JSON object" in command.reason


def test_a_good_message_is_the_command_it_says() -> None:
    said = report("signs", "r1", NOW)
    command, judgement, entry = judged("complete_task", message(said.model_dump_json().encode()))
    assert command == said
    assert judgement.verdict is Verdict.ACCEPTED
    assert entry.kind == "task_reported"


def test_all_faults_of_a_command_are_said_at_once() -> None:
    command, _, _ = judged("complete_task", message(canonical_json({"quantity": -1, "colour": "red"}).encode()))
    for part in ("command_id: field required", "actor: field required", "quantity:", "'-1'", "colour:"):
        assert part in command.reason


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", '"nan"', "1e999", "0.0000001", "-1"])
def test_quantity_that_is_none_is_refused_by_its_name(quantity: str) -> None:
    command, _, _ = judged("complete_task", message(b'{"quantity": %s}' % quantity.encode()))
    assert isinstance(command, Unreadable) and "quantity:" in command.reason


def test_unreadable_message_is_never_from_the_engine() -> None:
    said = b'{"actor": {"id": "engine", "role": "system", "unit": "hundred-days"}, "quantity": "many"}'
    command, _, _ = judged("complete_task", message(said))
    assert command.actor == UNKNOWN_SENDER
