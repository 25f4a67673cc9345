"""Self-checks, drawn experts and problems by themselves: simulator and engine write the same ledger of them."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from rehearsal.temperament import Temperament
from runtime.embedded import EmbeddedServers
from tests.e2e.agreement import Both, agreed, lives, sites
from tests.unit.rehearsal.accepted_campaign import accepted_plan, accepted_register

pytestmark = [pytest.mark.timeout(1500), pytest.mark.alone]

DAY_SECONDS = (1.5, 3.0, 6.0, 12.0)


@pytest.fixture(scope="module")
async def both(embedded: EmbeddedServers, temporal_client: Client) -> AsyncIterator[Both]:
    yield await agreed(
        embedded, temporal_client, lambda name: accepted_plan(f"accepted-{name}"), accepted_register(),
        Temperament.TYPICAL, 7, DAY_SECONDS, compared=(sites, lives),
    )  # fmt: skip


def test_every_site_ends_and_lives_as_the_forecast_said(both: Both) -> None:
    ended, foreseen = sites(both)
    assert ended == foreseen
    engine, simulator = lives(both)
    assert engine == simulator


def test_there_was_everything_to_agree_on(both: Both) -> None:
    kinds = {entry.kind for stream in both.entries.values() for entry in stream}
    assert kinds >= {"panel_drawn", "opinion_given", "problem_closed", "expert_replaced", "level_failed", "closed"}
