"""An option outside the tree adds a command, events, a deadline, a notice and status fields; no other file knows it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from commands.authority.view import markdown
from rules.authority import rules_of
from rules.site.aggregate import SiteAggregate
from rules.site.options.protocol import SiteOption
from rules.site.options.registry import SITE_OPTIONS
from rules.site.transitions import COMMANDS_OF
from schemas.actor import Actor, Role, Units
from schemas.command import Command
from schemas.commands import SITE_COMMANDS, Unreadable
from schemas.options.registry import OPTIONS
from schemas.permits import PERMITS
from schemas.site.events import SITE_EVENTS
from schemas.site.transitions import TRANSITIONS
from tests.support.sample_terms import CITY, PROVINCE, SiteLife, all_work, calendar_days, on, refused, site_terms
from tests.support.throw_away_option import GATE, NAME, GateOption, LockGate
from workflows.message_parsing import read_command

TERMS = {NAME: {"within": calendar_days(3).model_dump(mode="json")}}
TABLES: tuple[Mapping[Any, Any], ...] = (SITE_COMMANDS, SITE_EVENTS, PERMITS, TRANSITIONS, COMMANDS_OF)


@pytest.fixture
def gate() -> Iterator[None]:
    with SITE_OPTIONS.registered(GateOption()):
        yield


def locked(day: int, lock: str = "锁-7", by: Actor = CITY) -> LockGate:
    at = on(7, day, 12)
    return LockGate(command_id=f"lock-{day}-{lock}-{by.role}", actor=by, effective_at=at, lock=lock)


def parsed(name: str) -> Command | Unreadable:
    data = locked(20).model_dump_json(exclude={"kind"}).encode()
    raw = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))
    return read_command(SITE_COMMANDS, name, [raw], on(7, 20, 13))


@pytest.mark.usefixtures("gate")
def test_option_with_deadline_fires_until_command() -> None:
    site = SiteLife(options=TERMS)
    site.quiet_until(on(7, 27, 9))
    assert [entry.at for entry in site.of("gate_unlocked")] == [on(7, 23), on(7, 27)]
    assert [notice.key for notice in site.notices] == [f"鲁山-001:gate_unlocked:time-{time}" for time in (1, 2)]
    site.at(on(7, 28, 12), locked(28))
    site.quiet_until(on(8, 10))
    assert [kind for kind in site.kinds() if kind.startswith("gate")] == ["gate_unlocked"] * 2 + ["gate_locked"]


@pytest.mark.usefixtures("gate")
def test_option_blocks_verification_until_command() -> None:
    site = SiteLife(options=TERMS)
    site.at(on(7, 20, 11), *all_work(on(7, 20, 11)))
    assert site.state.level is None
    site.at(on(7, 20, 12), locked(20))
    assert site.state.level == "county"


@pytest.mark.usefixtures("gate")
def test_option_shows_in_row_and_view() -> None:
    site = SiteLife(options=TERMS)
    site.at(on(7, 20, 12), locked(20))
    facts, view = site.core.row().facts, site.core.view(on(7, 20, 12))
    assert facts is not None
    assert facts.options == view.options == {NAME: {"lock": "锁-7"}}
    assert json.loads(view.model_dump_json())["options"] == {NAME: {"lock": "锁-7"}}


@pytest.mark.usefixtures("gate")
def test_state_from_entries_equals_live_state() -> None:
    site = SiteLife(options=TERMS)
    site.quiet_until(on(7, 27, 9))
    site.at(on(7, 28, 12), locked(28), *all_work(on(7, 28, 12)))
    again = SiteAggregate(site.core.terms)
    again.restore(site.entries)
    assert again.snapshot() == site.core.snapshot()
    assert again.next_due(site.now) == site.core.next_due(site.now)


@pytest.mark.usefixtures("gate")
def test_option_refuses_by_its_rule_role_unit_and_stage() -> None:
    assert refused(SiteLife(), locked(20)) == "lock_gate is not foreseen: the plan asks for no gate"
    site = SiteLife(options=TERMS)
    assert refused(site, locked(20, by=PROVINCE)) == (
        "rule lock_gate/*: lock_gate is for the roles city, county; province office acts as province"
    )
    site.at(on(7, 20, 12), locked(20))
    assert refused(site, locked(21)) == "the gate is locked by 锁-7 already"
    units = SiteAggregate(site_terms(options=TERMS, units=Units(city=("410400",))))
    stranger = Actor(id="qian", role=Role.CITY, unit="410500")
    assert str(units.refusal(locked(20, by=stranger), on(7, 20, 12))) == (
        "rule lock_gate/city: lock_gate by the role city is for the city of its subject (410400); qian acts for 410500"
    )
    before = SiteAggregate(site_terms(options=TERMS))
    assert str(before.refusal(locked(20), on(7, 20, 12))) == (
        "lock_gate is not allowed while the site is registered; allowed: carry_over"
    )


@pytest.mark.usefixtures("gate")
def test_authority_table_with_option_has_its_rows() -> None:
    assert [rule.name for rule in rules_of("lock_gate")] == ["lock_gate/city", "lock_gate/county"]
    lines = markdown().splitlines()
    row = lines.index("| `lock_gate/city` | city | city | works | site: rectifying, verifying |")
    assert lines[row + 1] == "| `lock_gate/county` | county | county | works | site: rectifying, verifying |"


@pytest.mark.usefixtures("gate")
def test_message_of_option_is_read_as_its_command() -> None:
    assert parsed("lock_gate") == locked(20)


def test_nothing_is_left_after_the_option_is_taken_out() -> None:
    tables = [dict(table) for table in TABLES]
    page = markdown()
    with SITE_OPTIONS.registered(GateOption()):
        assert [len(table) - len(before) for table, before in zip(TABLES, tables, strict=True)] == [1, 2, 1, 4, 1]
    assert [dict(table) for table in TABLES] == tables
    assert markdown() == page
    assert isinstance(parsed("lock_gate"), Unreadable)
    assert GATE not in OPTIONS


@pytest.mark.usefixtures("gate")
def test_option_that_is_known_is_not_registered_again() -> None:
    with pytest.raises(ValueError, match="option gate: lock_gate, gate_locked, gate_unlocked is known already"):
        SITE_OPTIONS.register(GateOption())


def test_rules_and_data_have_the_same_options_in_the_same_order() -> None:
    assert [option.data for option in SITE_OPTIONS] == list(OPTIONS.of("site"))


def test_having_gives_options_that_define_a_hook() -> None:
    class Silent(SiteOption):
        data = GATE

    before = SITE_OPTIONS.having("apply")
    assert all("apply" in vars(type(option)) for option in before)
    with SITE_OPTIONS.registered(Silent()):
        assert SITE_OPTIONS.having("apply") == before
    option = GateOption()
    with SITE_OPTIONS.registered(option):
        assert SITE_OPTIONS.having("apply") == (*before, option)
    assert SITE_OPTIONS.having("apply") == before
