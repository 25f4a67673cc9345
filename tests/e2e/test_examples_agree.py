"""Each example rehearses to its end on the real engine, and the simulator agrees with it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from temporalio.client import Client

from intake.check import check
from intake.plan.freeze import freeze
from runtime.embedded.servers import EmbeddedServers
from schemas.plan import FrozenPlan
from simulation.behaviour.temperament import Temperament
from tests.support.agreement import ALL, Both, agreed

EXAMPLES = Path(__file__).parents[2] / "examples"

pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True)
class Example:
    """An example's folder, who lives in it, and what must have happened at its sites and in its cities."""

    name: str
    kinds: frozenset[str]
    people: Temperament = Temperament.TYPICAL
    seed: int = 2021


FIVE = (
    Example(
        "henan-2021",
        frozenset({"extension_requested", "case_transferred", "case_decided", "sample_drawn", "climbed"})
        | {"document_countersigned", "plan_signed", "phase_began", "gate_met", "regraded", "responsible_assigned"}
        | {"patch_confirmed", "patch_refuted", "clue_reported"},
    ),
    Example("shanxi-2024", frozenset({"survey_added", "survey_opened", "climbed", "closed", "suspended", "resumed"})),
    Example("heilongjiang-market", frozenset({"mode_proposed", "mode_set", "booked", "closed"})),
    Example(
        "hukou",
        frozenset({"sign_off_requested", "signed_off", "climbed", "closed", "suspended", "resumed"})
        | {"county_sites_opened", "department_called", "call_answered", "enterprise_replaced", "works_taken_over"},
    ),
    Example(
        "zhangping",
        frozenset({"patrol_began", "duty_performed", "duty_missed", "finding_reported", "patrol_ended"})
        | {"meeting_held", "resolution_reported", "case_referred", "case_received"},
    ),
)


@pytest.fixture(scope="module", params=FIVE, ids=lambda example: example.name)
async def lived(
    request: pytest.FixtureRequest, embedded: EmbeddedServers, temporal_client: Client
) -> AsyncIterator[tuple[Example, Both]]:
    example: Example = request.param
    folder = EXAMPLES / example.name
    report = check(folder / "plan.yaml", folder / "register.csv")
    assert not report.faults, str(report.faults)
    assert report.frozen is not None and report.register is not None
    plan = report.frozen.plan

    def renamed(name: str) -> FrozenPlan:
        """Workflow ids and numbers are shared by the whole server."""
        return freeze(plan.model_copy(update={"id": f"{plan.id}-{name}", "document_number": f"{name}号"}))

    both = await agreed(
        embedded, temporal_client, renamed, report.register.sites, example.people, example.seed,
        report.rounds.planned,
    )  # fmt: skip
    yield example, both


def test_the_example_shows_what_it_is_there_for(lived: tuple[Example, Both]) -> None:
    example, both = lived
    kinds = {entry.kind for stream in both.entries.values() for entry in stream}
    assert both.result.closed_as == "closed"
    assert {row.stage for row in both.rows.values()} <= {"closed", "carried_over"}
    assert kinds >= example.kinds


def test_the_simulator_agrees_with_the_engine(lived: tuple[Example, Both]) -> None:
    both = lived[1]
    for compared in ALL:
        engine, simulator = compared(both)
        assert engine == simulator, compared.__name__
