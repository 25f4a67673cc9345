"""The simulator and the engine write the same programme ledger: surveys in time and late, documents, every year.

The engine runs on a stepped clock: its workflow, its activities and Postgres are the real ones. The campaigns of the
years are started and not stepped; how they leave their sites is what their forecast says (that these agree, the
examples show).
"""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from intake.programme_file import freeze_programme, read_programme
from runtime.programme_start import start_programme
from schemas.answers import Verdict
from schemas.base import iso_utc
from schemas.clock import Clock
from schemas.ledger import LedgerEntry
from schemas.programme import FrozenProgramme
from schemas.register import Site
from schemas.stepping import STEP, STEP_SIGNAL, Stepped
from schemas.streams import campaign_stream, programme_stream
from simulation.behaviour.temperament import Temperament
from simulation.forecast.programme import ProgrammeForecast, foresee
from simulation.forecast.result import Forecast
from storage.document_file import read_document_file
from storage.ledger import verify_programme
from storage.programmes import SurveyKey, keep_survey
from tests.workflow.conftest import Engine, polled

pytestmark = pytest.mark.timeout(240)

SHANXI = Path(__file__).parents[2] / "examples" / "shanxi-2024"


def shanxi() -> tuple[FrozenProgramme, tuple[Site, ...], dict[str, tuple[Site, ...]]]:
    """The example, under names of this test's own: workflow ids are shared by the whole server."""
    report = read_programme(SHANXI / "programme.yaml", SHANXI / "register.csv")
    assert report.frozen is not None and report.stock is not None
    name, frozen = uuid4().hex[:8], report.frozen
    years = tuple(one.model_copy(update={"id": f"{one.id}-{name}"}) for one in frozen.programme.years)
    own = frozen.programme.model_copy(update={"id": f"p-{name}", "years": years})
    plans = tuple(
        plan.model_copy(update={"plan": plan.plan.model_copy(update={"id": year.id})})
        for plan, year in zip(frozen.years, years, strict=True)
    )
    surveys = {f"{campaign}-{name}": rows for campaign, rows in report.surveys.items()}
    return freeze_programme(own, plans), report.stock.sites, surveys


class Driver:
    """Steps the programme's workflow to every deadline, and hands the surveys in at their instants."""

    def __init__(self, engine: Engine, frozen: FrozenProgramme, foreseen: ProgrammeForecast) -> None:
        self._engine = engine
        self._frozen = frozen
        self._foreseen = foreseen
        self._handle = engine.client.get_workflow_handle(programme_stream(frozen.programme.id))
        self._settled: set[str] = set()

    async def run(self, began: datetime) -> None:
        due = await self._step(began)
        surveys = list(self._foreseen.surveys)
        while surveys or due is not None:
            if surveys and (due is None or surveys[0].at < due):
                one = surveys.pop(0)
                if one.command.digest is not None:
                    key = SurveyKey(
                        self._frozen.programme.id, one.command.campaign, one.command.city, one.command.digest
                    )
                    await keep_survey(self._engine.pool, key, one.rows, one.at, "{}")
                due = await self._send(STEP_SIGNAL, iso_utc(one.at), one.command.kind, one.command)
            else:
                assert due is not None
                await self._leave_campaigns(due)
                due = await self._step(due)

    async def _step(self, at: datetime) -> datetime | None:
        return await self._send(STEP, iso_utc(at))

    async def _send(self, name: str, *arguments: object) -> datetime | None:
        answer = await self._handle.execute_update(name, args=list(arguments), result_type=None)
        assert answer["verdict"] == Verdict.ACCEPTED
        return Stepped.model_validate(answer["state"][STEP]).next_due

    async def _leave_campaigns(self, now: datetime) -> None:
        for campaign, ended in self._foreseen.years.items():
            if campaign not in self._settled and ended.closed_at <= now:
                self._settled.add(campaign)
                await self._leave(campaign, ended)

    async def _leave(self, campaign: str, ended: Forecast) -> None:
        rows = [(site, row.stage) for site, row in ended.rows.items()]
        await self._engine.pool.executemany(
            "update site set stage = $3 where campaign_id = $1 and site_id = $2", [(campaign, *row) for row in rows]
        )
        await self._engine.pool.execute(
            "update campaign set state = 'closed', closed_at = $2 where campaign_id = $1", campaign, ended.closed_at
        )
        await self._engine.client.get_workflow_handle(campaign_stream(campaign)).terminate("its year is foreseen")


def told(entries: list[LedgerEntry]) -> list[tuple[str, datetime, str, str]]:
    return [(one.kind, one.at, one.actor, one.data) for one in entries]


@pytest.fixture(params=[Temperament.TYPICAL, Temperament.SLACK])
async def people(request: pytest.FixtureRequest) -> AsyncIterator[Temperament]:
    yield request.param


async def test_engine_and_simulator_write_the_same_programme(engine: Engine, people: Temperament) -> None:
    frozen, stock, surveys = shanxi()
    foreseen = foresee(frozen, stock, people, 7, surveys)
    began = foreseen.entries[0].at
    clock = Clock(campaign_origin=began, rate=86400, stepped=True)
    await start_programme(engine.client, engine.pool, frozen, stock, clock, engine.settings.task_queue)
    await Driver(engine, frozen, foreseen).run(began)
    entries = await engine.ledger(programme_stream(frozen.programme.id))
    assert told(entries) == told(foreseen.entries)
    kinds = {one.kind for one in entries}
    assert kinds >= {"survey_handed_in", "survey_taken", "survey_overdue", "year_started", "year_closed"}

    async for documents in polled(lambda: read_document_file(engine.pool, frozen.programme.id)):
        if all(delivery.state == "sent" for one in documents for delivery in one.deliveries):
            break
    assert [(one.key, one.number, one.kind) for one in sorted(documents, key=lambda one: (one.issued_at, one.key))] == [
        (one.key, one.number, one.kind) for one in sorted(foreseen.documents, key=lambda one: (one.issued_at, one.key))
    ]
    outbox = engine.settings.outbox_dir / frozen.programme.id / "province"
    assert len(list(outbox.glob("*year_task*.html"))) == 3
    assert (await verify_programme(engine.pool, frozen)).entries == len(entries)
