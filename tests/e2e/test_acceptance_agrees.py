"""Self-checks, drawn experts and problems by themselves: simulator and engine write the same ledger of them."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from runtime.embedded.servers import EmbeddedServers
from simulation.behaviour.temperament import Temperament
from tests.support.accepted_campaign import accepted_plan, accepted_register
from tests.support.agreement import ALL, Both, agreed

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
async def both(embedded: EmbeddedServers, temporal_client: Client) -> AsyncIterator[Both]:
    yield await agreed(
        embedded, temporal_client, lambda name: accepted_plan(f"accepted-{name}"), accepted_register(),
        Temperament.TYPICAL, 7,
    )  # fmt: skip


def test_the_simulator_agrees_with_the_engine(both: Both) -> None:
    for compared in ALL:
        engine, simulator = compared(both)
        assert engine == simulator, compared.__name__


def test_there_was_everything_to_agree_on(both: Both) -> None:
    kinds = {entry.kind for stream in both.entries.values() for entry in stream}
    assert kinds >= {"panel_drawn", "opinion_given", "problem_closed", "expert_replaced", "level_failed", "closed"}
