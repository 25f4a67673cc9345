"""Surveys on the engine: sites are added while the campaign runs, with their own deadline, and no news is lost."""

from datetime import UTC, datetime, timedelta

from rules.terms.plan import ends_at, rectification_due
from schemas.answers import CityView, SiteView, Verdict
from schemas.city import ApproveDeployment, SubmitDeployment
from schemas.clock import Clock
from schemas.options.surveys import AddSurvey, Found, Survey, marked
from schemas.plan import FrozenPlan
from schemas.register import register_digest
from schemas.work import ReconcileOrder
from storage.surveys import add_survey
from tests.support.plans import CREW, PROVINCE, clock_from, frozen_plan, site
from tests.workflow.conftest import Engine, ask, polled
from tests.workflow.test_lost_workflows import reconcile

SURVEY = {"rectification": {"amount": 3, "unit": "working_days"}}


def found(campaign: FrozenPlan, number: int) -> Survey:
    sites = (marked(site(number), f"S{number}", Found.MISSED),)
    return Survey(id=f"S{number}", digest=register_digest(sites), sites=sites)


def news(survey: Survey, at: datetime, said: str = "") -> AddSurvey:
    counts = survey.cities()["east"].model_dump()
    return AddSurvey(
        command_id=f"{survey.id}{said}",
        actor=PROVINCE,
        effective_at=at,
        survey=survey.id,
        digest=survey.digest,
        **counts,
    )


async def deployed(engine: Engine, frozen: FrozenPlan, clock: Clock) -> None:
    await engine.start_campaign(frozen, [site(1)], clock)
    stream = f"city/{frozen.plan.id}/east"
    await engine.ledger_of(stream, 1)
    city = engine.client.get_workflow_handle(stream)
    now = clock.campaign_time(datetime.now(UTC))
    await ask(city, SubmitDeployment(command_id="d1", actor=CREW, effective_at=now, opinion="seal them"))
    await ask(city, ApproveDeployment(command_id="d2", actor=PROVINCE, effective_at=now))
    await engine.ledger_of(f"site/{frozen.plan.id}/east-001", 1)


async def test_a_survey_opens_its_sites_with_their_own_deadline(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, survey=SURVEY)
    clock = clock_from(frozen, day_seconds=2)
    await deployed(engine, frozen, clock)
    city, survey = engine.client.get_workflow_handle(f"city/{frozen.plan.id}/east"), found(frozen, 2)
    at = clock.campaign_time(datetime.now(UTC))
    await add_survey(engine.pool, frozen.plan.id, survey, "{}", at)
    answer = await ask(city, news(survey, at))
    assert answer.state["surveys"] == ["S2"]
    (opened,) = (await engine.ledger_of(f"site/{frozen.plan.id}/east-002", 1))[:1]
    (added,) = [entry for entry in await engine.ledger(city.id) if entry.kind == "survey_added"]
    heard_at = added.received_at
    assert (opened.kind, opened.at) == ("opened", heard_at)
    view = await engine.client.get_workflow_handle(f"site/{frozen.plan.id}/east-002").query(
        "status", result_type=SiteView
    )
    assert view.due == rectification_due(frozen, heard_at, "S2") < rectification_due(frozen, heard_at)
    assert (await ask(city, news(survey, at, "again"))).verdict is Verdict.DUPLICATE
    kinds = [entry.kind for entry in await engine.ledger(city.id)]
    assert kinds.count("survey_added") == kinds.count("survey_opened") == 1


async def test_a_survey_whose_news_was_lost_is_heard_of_at_a_look(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, survey=SURVEY)
    clock = clock_from(frozen, day_seconds=600)
    assert clock.campaign_origin is not None
    clock = clock.model_copy(update={"campaign_origin": clock.campaign_origin + timedelta(hours=9)})
    await deployed(engine, frozen, clock)
    city, survey = engine.client.get_workflow_handle(f"city/{frozen.plan.id}/east"), found(frozen, 3)
    at = clock.campaign_time(datetime.now(UTC))
    await add_survey(engine.pool, frozen.plan.id, survey, "{}", at)
    view = await city.query("status", result_type=CityView)
    look = ReconcileOrder(
        campaign_id=frozen.plan.id,
        city="east",
        at=at,
        opened_at=view.approved_at,
        clock=clock,
        task_queue=engine.settings.task_queue,
        heard_by=at,
    )
    report = await reconcile(engine, look)
    assert (report.restarted, [one.id for one in report.surveys]) == ((), ["S3"]), "its sites wait for the desk"
    early = look.model_copy(update={"heard_by": at - timedelta(hours=1)})
    assert (await reconcile(engine, early)).surveys == (), "it may be on its way"
    heard = look.model_copy(update={"heard": ("S3",), "surveys": {"S3": at}})
    report = await reconcile(engine, heard)
    assert (report.restarted, report.surveys) == (("east-003",), ()), "an open survey's site that never ran is lost"
    (opened,) = (await engine.ledger_of(f"site/{frozen.plan.id}/east-003", 1))[:1]
    assert opened.at == at


async def test_unopened_survey_sites_carried_over_at_end(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, survey=SURVEY, ends_on="2021-07-24")
    clock = clock_from(frozen, day_seconds=0.8)
    await engine.start_campaign(frozen, [site(1)], clock)
    await engine.ledger_of(f"city/{frozen.plan.id}/east", 1)
    await add_survey(engine.pool, frozen.plan.id, found(frozen, 4), "{}", clock.campaign_time(datetime.now(UTC)))
    async for entries in polled(lambda: engine.ledger(f"site/{frozen.plan.id}/east-004")):
        if entries:
            break
    assert [entry.kind for entry in entries] == ["carried_over"]
    assert entries[0].at >= ends_at(frozen)
