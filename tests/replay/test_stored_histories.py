"""Replays are law: today's code must follow every history that a running campaign may have."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from schemas.starts import SiteStart
from worker import RUNNER, WORKFLOWS

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def stored(path: Path) -> WorkflowHistory:
    kept = json.loads(path.read_text())
    return WorkflowHistory.from_json(kept.pop("id"), kept)


def replayer(*workflows: Any) -> Replayer:
    return Replayer(workflows=workflows or WORKFLOWS, workflow_runner=RUNNER, data_converter=pydantic_data_converter)


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_stored_history_replays(path: Path) -> None:
    replayed = await replayer().replay_workflow(stored(path))
    assert replayed.replay_failure is None


def test_every_stage_has_a_stored_history() -> None:
    stages = {path.stem.partition("-")[2] for path in HISTORIES}
    assert stages >= {
        "campaign", "campaign-amended", "campaign-stopped", "city", "city-amended", "city-documents",
        "city-stopped", "delivery", "delivery-dead-letter", "programme",
        "site-amended", "site-carried-over", "site-closed", "site-long", "site-rectifying", "site-second-round",
        "site-suspended", "site-verifying",
        "site-waiting", "spot-check", "spot-check-resumed",
    }  # fmt: skip


@workflow.defn(name="SiteWorkflow", sandboxed=False)
class ImpatientSite:
    """The site as somebody might change it without a patch: it sleeps before it does anything."""

    @workflow.run
    async def run(self, start: SiteStart) -> str:
        await workflow.sleep(timedelta(days=1))
        return "impatient"


async def test_an_unpatched_change_is_caught() -> None:
    path = next(path for path in HISTORIES if path.stem.endswith("site-closed"))
    with pytest.raises(NondeterminismError):
        await replayer(ImpatientSite).replay_workflow(stored(path))
