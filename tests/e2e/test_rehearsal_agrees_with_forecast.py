"""The same people, in the simulator and on the real engine, write the same ledger: a short autumn with everything.

Once with a clock that waits for the engine, and once on the server's timers.
"""

import re
from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from rules.terms.plan import ends_at
from runtime.embedded.servers import EmbeddedServers
from simulation.behaviour.temperament import Temperament
from tests.support.agreement import ISSUED, Both, agreed, briefings, desks, letters, lives, receipts, sites
from tests.support.short_campaign import short_plan, short_register

pytestmark = pytest.mark.timeout(900)

PEOPLE, SEED = Temperament.SLACK, 289
DAY_SECONDS = (1.5, 3.0, 6.0, 12.0)
"""A machine that is too busy for the first is given more time: what comes half a day late can not agree."""


@pytest.fixture(scope="module", params=["steps", pytest.param("timers", marks=pytest.mark.alone)])
async def both(
    request: pytest.FixtureRequest, embedded: EmbeddedServers, temporal_client: Client
) -> AsyncIterator[Both]:
    clock: str = request.param
    yield await agreed(
        embedded, temporal_client, lambda name: short_plan(f"autumn-{clock}-{name}"), short_register(), PEOPLE, SEED,
        day_seconds=DAY_SECONDS if clock == "timers" else (),
    )  # fmt: skip


def test_the_people_give_the_engine_something_to_do(both: Both) -> None:
    stages = {row.stage for row in both.rows.values()}
    kinds = {entry.kind for stream in both.entries.values() for entry in stream}
    assert both.result.closed_as == "closed"
    assert stages == {"closed", "carried_over"}
    assert kinds >= {"reminded", "climbed", "level_failed", "acceptance_overdue", "extended"}
    assert kinds >= {"deployment_returned", "dispatched"} and both.result.tally.turned_down


def test_the_documents_have_everything_that_a_document_can_have(both: Both) -> None:
    kinds = {entry.kind for stream in both.entries.values() for entry in stream if entry.at <= ends_at(both.frozen)}
    assert kinds >= {"document_drafted", "document_approved", "document_rejected", "approval_overdue", "unit_climbed"}
    assert kinds >= {"document_signed", "signing_overdue", "document_replied", "reply_overdue", "document_lifted"}
    assert kinds >= {"rung_issued", "rung_withdrawn", "climb_held", "briefing_frozen"}


def test_every_site_ends_as_the_forecast_said(both: Both) -> None:
    engine, simulator = sites(both)
    assert engine == simulator


def test_every_site_lives_as_the_forecast_said(both: Both) -> None:
    engine, simulator = lives(both)
    assert engine == simulator


def test_every_city_deploys_as_the_forecast_said(both: Both) -> None:
    engine, simulator = desks(both)
    assert engine == simulator


def test_every_document_is_the_one_the_forecast_said(both: Both) -> None:
    engine, simulator = letters(both)
    assert engine == simulator


def test_every_briefing_ranks_as_the_forecast_said(both: Both) -> None:
    engine, simulator = briefings(both)
    assert engine == simulator
    assert [ranking["week"] for ranking in engine] == [1, 2, 3, 4]


def test_every_entry_is_received_when_the_forecast_said(both: Both) -> None:
    engine, simulator = receipts(both)
    assert engine == simulator


def test_numbers_leave_no_gap_whoever_gave_them(both: Both) -> None:
    """Cities race for them, so the same document may have another number; together they are 1 to n of each series."""
    for documents in (both.documents, both.foreseen.documents):
        numbers: dict[str, list[int]] = {}
        for document in documents:
            if document.number is not None and document.kind != "plan_issue":  # the plan bears its own
                found = re.fullmatch(r"(NR|PS) \[2021\] No\. (\d+)", document.number)
                assert found is not None, document.number
                numbers.setdefault(found[1], []).append(int(found[2]))
        assert numbers.keys() == {"NR", "PS"}
        assert all(sorted(given) == list(range(1, len(given) + 1)) for given in numbers.values())
        unnumbered = {document.kind for document in documents if document.number is None and document.state in ISSUED}
        assert unnumbered <= {"plan_issue"}
