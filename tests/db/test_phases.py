"""The measures of a phase from the tables, and the phases of a campaign from its ledger."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest
from temporalio.testing import ActivityEnvironment

from activities.recording.measures import PhaseMeasurer
from schemas.campaign import PhaseBegan
from schemas.errors import NotFound
from schemas.ledger import RecordBatch
from schemas.options.phases import PhaseMeasures, PhaseOrder
from storage.connections import Pool
from storage.phases import phase_entries
from storage.recorder import Recorder
from tests.support.small_campaign import Diary, SiteDiary, city_row, site_row, start_campaign

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
ORDER = PhaseOrder(campaign_id="henan", phase="sweep", at=NOW)


def written(stream: str, kind: str, data: dict[str, Any] | None = None, **rows: Any) -> RecordBatch:
    """A batch of one entry."""
    subject: Literal["site", "city", "campaign"] = stream.partition("/")[0]  # type: ignore[assignment]
    entry = Diary(stream).write(kind, data)
    city = None if subject == "campaign" else "410400"
    return RecordBatch(campaign_id="henan", subject=subject, city=city, entries=(entry,), **rows)


async def test_measures_count_work_closure_and_area_by_city(pool: Pool) -> None:
    register = await start_campaign(pool, sites=6)  # three in each city, 1.5 ha each
    recorder = Recorder(pool)
    closed, working, idle = (SiteDiary(one) for one in register if one.city == "410400")
    await recorder.record(closed.burst(stage="closed"))
    await recorder.record(working.burst())
    await recorder.record(written(idle.stream, "reminded", site=site_row(idle.subject.id, 1)))
    await recorder.record(written("city/henan/410400", "deployment_approved", city_row=city_row("410400", 1)))
    report = await ActivityEnvironment().run(PhaseMeasurer(pool).take_phase_measures, ORDER)
    assert (report.phase, report.as_of, report.surveys) == ("sweep", NOW, ())
    area = Decimal("4.5")
    assert report.cities == (
        PhaseMeasures(
            code="410400", name="平顶山市", deployed=True, sites=3, in_work=2, closed=1, hectares=area,
            hectares_closed=Decimal("1.5"),
        ),
        PhaseMeasures(code="410600", name="鹤壁市", sites=3, hectares=area),
    )  # fmt: skip


async def test_measures_of_unknown_campaign_are_not_found(pool: Pool) -> None:
    with pytest.raises(NotFound):
        await ActivityEnvironment().run(PhaseMeasurer(pool).take_phase_measures, ORDER)


async def test_entries_of_phases_are_those_up_to_the_instant(pool: Pool) -> None:
    await start_campaign(pool)
    batch = written("campaign/henan", "phase_began", {"phase": "sweep"})
    await Recorder(pool).record(batch)
    at = batch.entries[0].at
    assert await phase_entries(pool, "henan", at) == [(at, PhaseBegan(phase="sweep"))]
    assert await phase_entries(pool, "henan", at - timedelta(microseconds=1)) == []
