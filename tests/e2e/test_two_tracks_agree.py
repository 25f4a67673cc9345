"""Extensions on request and cases with the police: simulator and engine write the same ledgers and documents."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from runtime.embedded.servers import EmbeddedServers
from schemas.options.police import CaseClosure
from simulation.behaviour.temperament import Temperament
from tests.support.agreement import ALL, Both, agreed
from tests.support.short_campaign import two_tracks_plan, two_tracks_register

pytestmark = pytest.mark.timeout(900)

REQUESTS = {"extension_requested", "extended", "extension_undecided"}
CASES = {"case_transferred", "case_accepted", "case_decided", "case_overdue"}


@pytest.fixture(scope="module", params=list(CaseClosure))
async def lived(
    request: pytest.FixtureRequest, embedded: EmbeddedServers, temporal_client: Client
) -> AsyncIterator[tuple[CaseClosure, Both]]:
    closure: CaseClosure = request.param
    both = await agreed(
        embedded, temporal_client, lambda name: two_tracks_plan(f"tracks-{closure.value}-{name}", closure),
        two_tracks_register(), Temperament.SLACK, 22,
    )  # fmt: skip
    yield closure, both


def test_there_was_everything_to_agree_on(lived: tuple[CaseClosure, Both]) -> None:
    closure, both = lived
    kinds = {entry.kind for stream in both.entries.values() for entry in stream}
    assert kinds >= REQUESTS | CASES | {"works_accepted" if closure is CaseClosure.BOTH else "case_carried_over"}
    told = {document.kind for document in both.documents}
    assert told >= {"extension_request", "extension_overdue", "extension_decision"}
    assert told >= {"case_transfer_overdue", "case_decision_overdue"}


def test_the_simulator_agrees_with_the_engine(lived: tuple[CaseClosure, Both]) -> None:
    for compared in ALL:
        engine, simulator = compared(lived[1])
        assert engine == simulator, compared.__name__
