"""Spot checks, enlarged samples and returned batches: simulator and engine write the same ledger of them."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from temporalio.client import Client

from intake.plan.freeze import freeze
from runtime.embedded.servers import EmbeddedServers
from schemas.options.spot_checks import SpotCheckPlan
from schemas.plan import FrozenPlan
from simulation.behaviour.temperament import Temperament
from tests.support.agreement import ALL, Both, agreed
from tests.support.short_campaign import short_plan, short_register, working

pytestmark = pytest.mark.timeout(900)

PEOPLE, SEED, SITES = Temperament.TYPICAL, 41, 40
DRAWS = (date(2021, 9, 10), date(2021, 9, 14))


def checked_plan(campaign_id: str) -> FrozenPlan:
    """The short campaign, with two draws in each city."""
    checks = SpotCheckPlan(share=0.4, inspect=working(2), draws=DRAWS, seed=11)
    return freeze(short_plan(campaign_id).plan.model_copy(update={"spot_check": checks}))


@pytest.fixture(scope="module")
async def both(embedded: EmbeddedServers, temporal_client: Client) -> AsyncIterator[Both]:
    yield await agreed(
        embedded, temporal_client, lambda name: checked_plan(f"checked-{name}"), short_register(SITES), PEOPLE, SEED,
    )  # fmt: skip


def test_the_simulator_agrees_with_the_engine(both: Both) -> None:
    for compared in ALL:
        engine, simulator = compared(both)
        assert engine == simulator, compared.__name__


def test_there_was_everything_to_agree_on(both: Both) -> None:
    streams = [stream for stream in both.entries if stream.startswith("spot-check/")]
    kinds = {entry.kind for stream in both.entries.values() for entry in stream}
    assert len(streams) == 4
    assert kinds >= {"sample_drawn", "sample_taken", "site_inspected", "sample_enlarged", "batch_returned"}
    assert kinds >= {"spot_check_closed", "reopened"}
    assert {document.kind for document in both.documents} >= {"spot_check_result", "reopening"}
