"""What a rehearsal came to is read from Postgres as a forecast reckons it from the same rows."""

from datetime import UTC, datetime
from decimal import Decimal

from schemas.clock import Clock
from schemas.documents.document import Progress
from schemas.facts import SiteFacts
from schemas.ledger import DocumentDraft, RecordBatch
from schemas.modes import FundingMode, RestorationMode
from schemas.options.modes import Modes
from simulation.forecast.outcome import outcome_of
from simulation.outcome.load import LoadCounter
from simulation.outcome.sections import sections
from simulation.rehearsal.outcome import read_outcome
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.recorder import Recorder
from tests.support.small_campaign import START, SiteDiary, frozen_plan, rendered, site

SIGNED = datetime(2021, 8, 1, 4, tzinfo=UTC)


async def test_outcome_of_engine_and_of_forecast_are_the_same(pool: Pool) -> None:
    modes = Modes.model_validate(
        {
            "allowed": [
                {"restoration": "natural", "funding": ["fiscal"]},
                {"restoration": "market", "funding": ["fiscal"]},
            ]
        }
    )
    plan = frozen_plan(modes=modes)
    register = [site(n, ("410400", "410600")[n % 2]) for n in range(5)]
    register[1] = register[1].model_copy(
        update={"planned_cny": Decimal("10.5"), "planned_ha": Decimal(2), "township": "甲镇"}
    )
    register[3] = register[3].model_copy(update={"restoration_mode": RestorationMode.NATURAL, "planned_mu": Decimal(3)})
    await create_campaign(pool, plan, register, Clock())
    realised = {"fiscal:cny": Decimal("7.25"), "fiscal:mu": Decimal(4)}
    facts = [
        SiteFacts(signatures={"a": SIGNED, "b": None}),
        SiteFacts(restoration_mode=RestorationMode.MARKET, funding_mode=FundingMode.FISCAL, realised=realised),
        SiteFacts(signatures={"a": SIGNED}),
        None,
    ]
    recorder, rows = Recorder(pool), {}
    for n, (subject, fact) in enumerate(zip(register, facts, strict=False)):
        batch = SiteDiary(subject).burst(stage="closed" if n < 2 else "rectifying", facts=fact)
        assert batch.site is not None
        rows[subject.id] = batch.site
        await recorder.record(batch)
    progress = Progress(units=("x", "y"), signed={"x": SIGNED, "y": SIGNED}, receipt_due=SIGNED)
    papers = [
        DocumentDraft(
            key=f"city/henan/410400:closure:{n}", city="410400", kind="closure", rung=0, issued_at=START, progress=one
        )
        for n, one in enumerate(
            (progress, progress.model_copy(update={"signed": {"x": SIGNED.replace(day=2)}}), Progress())
        )
    ]
    batch = RecordBatch(campaign_id="henan", subject="city", city="410400", entries=(), documents=tuple(papers))
    await recorder.record(batch, tuple(rendered(paper.key) for paper in papers))
    loads = LoadCounter(plan.plan.zone)
    loads.add("level_passed", SIGNED, "county", "县局")
    read = sections(await read_outcome(pool, "henan", loads))
    reckoned = sections(outcome_of(plan.plan, register, rows, papers, loads))
    assert read == reckoned
    by_name = {section.name: section.data for section in read}
    assert by_name["signatures"][0] == {
        "code": "410400", "receipts": 4, "receipts_given": 3, "receipts_on_time": 2, "departments_asked": 3,
        "departments_given": 2,
    }  # fmt: skip
    assert by_name["money_and_land"]["total"]["realised_cny"] == "7.25"
    assert by_name["targets"]["closed"] == 2
