"""Every command, by every role, for every relation and department, at every stage, on real aggregates.

The commands come from the registries, so a command without a row fails here.
"""

import itertools
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from rules.aggregate import Aggregate
from rules.authority import require_authority, table
from rules.city.deployment import COMMANDS_OF as DEPLOYMENT_COMMANDS
from rules.city.deployment import DEPLOYMENT
from rules.city.state import city_stage
from rules.event_time import EventTime
from rules.site.transitions import COMMANDS_OF
from schemas import commands as cmd
from schemas.actor import RELATIONS, Actor, Right, Role, Units
from schemas.errors import Refused
from schemas.options.sign_off import SignOff
from schemas.permit import Permit, Whose
from schemas.permits import PERMITS
from schemas.site.transitions import TRANSITIONS
from schemas.stages import UNSAID, CampaignStage, CityStage, Deployment, Stage, Stages
from tests.support.signed_site import LAND
from tests.support.specimen_commands import specimen
from tests.support.staged_subjects import NOW, SUBJECTS, UNITS, Subject, site_to_be_signed

STRANGER = "nobody's office"
NAMED = {relation: getattr(UNITS, relation)[0] for relation in RELATIONS}
OFFICES = tuple(dict.fromkeys(UNITS.names()))
"""The unit of each relation, and the departments of the province, cities, counties and the police."""
VARIANTS = {
    "everybody is named": UNITS,
    "no enterprise": UNITS.model_copy(update={"enterprise": ()}),
    "no department": UNITS.model_copy(update={"department": ()}),
}
KINDS = [(subject, kind) for subject in SUBJECTS for kind in subject.commands]


def name_of(value: object) -> str:
    return value.name if isinstance(value, Subject) else str(value)


def actors() -> Iterator[Actor]:
    for role, unit in itertools.product(Role, (*OFFICES, STRANGER)):
        yield Actor(id="somebody", role=role, unit=unit)


def lets(permit: Permit, actor: Actor, units: Units) -> bool:
    """The meaning of a row, implemented a second time."""
    if permit.role is not actor.role:
        return False
    if permit.unless is not None and getattr(units, permit.unless):
        return False
    only = units.rights.get(actor.unit)
    if permit.right is not None and only is not None and permit.right not in only:
        return False
    return permit.whose is Whose.ANY or actor.unit in getattr(units, permit.whose)


def stages_of(kind: str, subject: Subject) -> tuple[Any, ...]:
    stages: tuple[Any, ...] = getattr(PERMITS[kind][0].stages, subject.name)
    return stages


# -- the table itself ----------------------------------------------------------------------------------------------


def test_authority_matrix_covers_exactly_all_commands() -> None:
    spoken = {kind for subject in SUBJECTS for kind in subject.commands} | set(cmd.DELIVERY_COMMANDS)
    assert spoken == set(PERMITS)


def test_every_row_has_a_name_of_its_own_and_says_its_stages() -> None:
    names = [rule.name for rule in table()]
    assert len(set(names)) == len(names)
    assert [rule.name for rule in table() if rule.permit.stages == UNSAID] == []
    taken_by = {kind: {s.name for s in SUBJECTS if kind in s.commands} for kind in PERMITS}
    taken_by["resend"].add("delivery")
    said = {kind: {field for field in Stages._fields if getattr(PERMITS[kind][0].stages, field)} for kind in PERMITS}
    assert said == taken_by, "a command has stages of the subjects that take it, and of no others"


def test_every_relation_of_the_table_is_one_that_units_know() -> None:
    assert {whose.value for whose in Whose} - {"any"} == set(RELATIONS)


def test_all_rows_of_a_command_have_the_same_stages() -> None:
    assert [kind for kind, permits in PERMITS.items() if len({p.stages for p in permits}) > 1] == []


@pytest.mark.parametrize("kind", sorted(COMMANDS_OF))
def test_authority_matrix_and_site_transitions_share_stages(kind: str) -> None:
    moved = {stage for stage in Stage for event in COMMANDS_OF[kind] if (stage, event) in TRANSITIONS}
    assert set(PERMITS[kind][0].stages.site) == moved


@pytest.mark.parametrize("kind", sorted(DEPLOYMENT_COMMANDS))
def test_authority_matrix_and_city_deployment_share_stages(kind: str) -> None:
    moved = {CityStage(d) for d in Deployment if (d, DEPLOYMENT_COMMANDS[kind]) in DEPLOYMENT}
    assert set(PERMITS[kind][0].stages.city) == moved


# -- the matrix ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", SUBJECTS, ids=name_of)
def test_each_core_stands_in_the_stage_that_it_is_tried_in(subject: Subject) -> None:
    for stage in subject.stages:
        state = subject.at(stage, UNITS).state
        assert (city_stage(state) if subject.name == "city" else getattr(state, "stage", stage)) == stage


@pytest.mark.parametrize(("subject", "kind"), KINDS, ids=name_of)
def test_who_may_send_it_is_who_the_table_says_at_every_stage(subject: Subject, kind: str) -> None:
    model, permits = subject.commands[kind], PERMITS[kind]
    for units, stage in itertools.product(VARIANTS.values(), subject.stages):
        core = subject.at(stage, units)
        for actor in actors():
            may = any(lets(permit, actor, units) for permit in permits)
            refused = core.refusal(specimen(model, actor, NOW), NOW)
            turned_away = refused is not None and str(refused).startswith("rule ")
            assert turned_away is not may, f"{actor} at {stage}: {refused}"
            if turned_away:
                assert str(refused).startswith(f"rule {kind}/")
                assert actor.id in str(refused)


@pytest.mark.parametrize(("subject", "kind"), KINDS, ids=name_of)
def test_no_other_stage_takes_it_than_the_table_says(subject: Subject, kind: str) -> None:
    model, said = subject.commands[kind], stages_of(kind, subject)
    for stage in set(subject.stages) - set(said):
        core = subject.at(stage, UNITS)
        for actor in (one for one in actors() if any(lets(permit, one, UNITS) for permit in PERMITS[kind])):
            command = specimen(model, actor, NOW)
            changes_nothing = core.refusal(command, NOW) is not None or not list(
                core.decide(command, EventTime(NOW, NOW))
            )
            assert changes_nothing, stage


def test_a_delivery_asks_for_the_role_alone_and_names_its_rule() -> None:
    for actor in actors():
        if actor.role in {permit.role for permit in PERMITS["resend"]}:
            require_authority(actor, "resend", Units())
        else:
            with pytest.raises(Refused, match=r"^rule resend/\*: resend is for the roles"):
                require_authority(actor, "resend", Units())


def test_police_and_approval_offices_do_no_works() -> None:
    """What the rights are for, said a second time: neither reports nor judges works, wherever it sits."""
    of_works = {"complete_task", "verify", "self_check", "close_problem", "correct", "suspend", "extend", "inspect"}
    of_works |= {"submit_deployment", "approve_deployment", "return_deployment", "set_mode", "book", "survey_added"}
    for kind, role in itertools.product(of_works, (Role.PROVINCE, Role.CITY, Role.COUNTY, Role.SUPERVISOR)):
        for unit in (name for name, rights in UNITS.rights.items() if Right.WORKS not in rights):
            with pytest.raises(Refused):
                require_authority(Actor(id="x", role=role, unit=unit), kind, UNITS)


# -- an accepted command has an event ------------------------------------------------------------------------------


def _by(role: Role, relation: str) -> Actor:
    return Actor(id="somebody", role=role, unit=NAMED[relation])


PROVINCE, OFFICE = _by(Role.PROVINCE, "province"), _by(Role.CITY, "city")
ENGINE_LIKE = Actor(id="engine", role=Role.SYSTEM, unit="x")


def _site_core(stage: Stage) -> Aggregate[Any]:
    return SUBJECTS[0].at(stage, UNITS)


def _suspended(stage: Stage) -> Aggregate[Any]:
    core = _site_core(stage)
    core.state.suspensions = [*core.state.suspensions, _interval()]
    return core


def _interval() -> Any:
    from rules.site.state import Interval

    return Interval(since=NOW, reason="汛情")


def _said(actor: Actor, at: datetime = NOW) -> dict[str, Any]:
    return {"command_id": "sensible", "actor": actor, "effective_at": at}


def _of(index: int) -> Callable[[Any], Aggregate[Any]]:
    return lambda stage: SUBJECTS[index].at(stage, UNITS)


def _signing(stage: Stage) -> Aggregate[Any]:
    named = UNITS.model_copy(update={"department": (LAND,)})
    return site_to_be_signed(named) if stage is Stage.VERIFYING else _site_core(stage)


BUILDS = _by(Role.ENTERPRISE, "enterprise")
SENSIBLE: list[tuple[Callable[[Any], Aggregate[Any]], str, type[Any], cmd.Command]] = [
    (_site_core, "site", Stage, cmd.CompleteTask(**_said(BUILDS), requirement="seal", quantity=1)),
    (_site_core, "site", Stage, cmd.Verify(**_said(_by(Role.COUNTY, "county")), level="county", passed=True)),
    (_signing, "site", Stage, SignOff(**_said(Actor(id="d", role=Role.DEPARTMENT, unit=LAND)), passed=True)),
    (_site_core, "site", Stage, cmd.Extend(**_said(PROVINCE), until=date(2021, 9, 1), reason="汛情")),
    (_site_core, "site", Stage, cmd.Suspend(**_said(OFFICE), reason="汛情")),
    (_suspended, "site", Stage, cmd.Resume(**_said(_by(Role.SUPERVISOR, "supervision")))),
    (_site_core, "site", Stage, cmd.CarryOver(**_said(PROVINCE), reason="汛情")),
    (_of(1), "city", CityStage, cmd.SubmitDeployment(**_said(OFFICE), opinion="实施意见")),
    (_of(1), "city", CityStage, cmd.ReturnDeployment(**_said(PROVINCE), reason="补充")),
    (_of(1), "city", CityStage, cmd.ApproveDeployment(**_said(PROVINCE))),
    (_of(1), "city", CityStage, cmd.Stop(**_said(PROVINCE), reason="汛情")),
    (_of(2), "campaign", CampaignStage, cmd.Stop(**_said(PROVINCE), reason="汛情")),
]


@pytest.mark.parametrize(("core_at", "subject", "stages", "command"), SENSIBLE, ids=lambda value: type(value).__name__)
def test_it_is_taken_at_every_stage_that_the_table_says(
    core_at: Callable[[Any], Aggregate[Any]], subject: str, stages: type[Any], command: cmd.Command
) -> None:
    kind = command.kind
    taken = {stage for stage in stages if core_at(stage).refusal(command, NOW) is None}
    assert taken == set(getattr(PERMITS[kind][0].stages, subject))
