"""Grades, variations, the daily list and sampling shares: simulator and engine write the same ledgers."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import Client

from intake.plan.freeze import freeze
from runtime.embedded.servers import EmbeddedServers
from schemas.plan import FrozenPlan, Plan
from schemas.register import Site
from simulation.behaviour.temperament import Temperament
from tests.support.agreement import ALL, Both, agreed
from tests.support.short_campaign import short_plan, short_register

pytestmark = pytest.mark.timeout(900)


def graded_plan(campaign_id: str) -> FrozenPlan:
    said: dict[str, Any] = short_plan(campaign_id).plan.model_dump(mode="json")
    said["grading"] = {
        "daily_list": True,
        "rules": [
            {"hazard": "high", "title": "deep", "depth_m": {"at_least": 20}},
            {"hazard": "low", "title": "far", "distance_m": {"at_least": 500}},
        ],
    }
    said["variations"] = [
        {"for": {"hazard": "high"}, "rectification": {"amount": 4, "unit": "calendar_days"}, "sampling_share": 1.0},
        {"for": {"phase": "work"}, "re_rectification": {"amount": 3, "unit": "working_days"}, "reminder_days": [2]},
    ]
    said["spot_check"] = {"share": 0.3, "draws": ["2021-09-16"], "seed": 5}
    return freeze(Plan.model_validate(said))


def graded_register() -> list[Site]:
    return [
        site.model_copy(
            update={
                "depth_m": Decimal(25) if number % 4 == 0 else None,
                "distance_m": Decimal(600) if number % 3 == 0 else None,
                "responsible": ("Builders",),
            }
        )
        for number, site in enumerate(short_register())
    ]


@pytest.fixture(scope="module")
async def lived(embedded: EmbeddedServers, temporal_client: Client) -> AsyncIterator[Both]:
    yield await agreed(
        embedded, temporal_client, lambda name: graded_plan(f"graded-{name}"), graded_register(), Temperament.SLACK, 52
    )


def test_there_was_everything_to_agree_on(lived: Both) -> None:
    kinds = {entry.kind for stream in lived.entries.values() for entry in stream}
    assert kinds >= {"regraded", "climbed", "reminded", "sample_drawn"}
    assert {document.kind for document in lived.documents} >= {"high_hazard_list", "regrading", "rectification_notice"}


def test_the_simulator_agrees_with_the_engine(lived: Both) -> None:
    for compared in ALL:
        engine, simulator = compared(lived)
        assert engine == simulator, compared.__name__
