"""The options of a plan that change the life of a site: their plan and register fields, and the life under each.

Options without an effect on a site's workflow are left out: targets, surveys, implementation opinions, the patrol, and
spot checks, which are workflows of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bench.life import CATALOGUE, CITY, JUDGES, LIFE, Message, Step, report, verdict
from schemas.actor import Actor, Role
from schemas.command import Command
from schemas.options.acceptance import CloseProblem, GiveOpinion, SelfCheck
from schemas.options.bookings import Book
from schemas.options.extensions import DecideExtension, RequestExtension
from schemas.options.modes import DecideMode, SetMode
from schemas.options.police import AcceptCase, DecideCase, TransferCase
from schemas.options.sign_off import SignOff
from schemas.site.commands import Resume, Suspend
from schemas.starts import SiteStart

_CITY_OFFICE = Actor(id="office-city", role=Role.CITY, unit=CITY)
_PROVINCE_OFFICE = Actor(id="office-province", role=Role.PROVINCE, unit="Province")
_DECIDER = Actor(id="decider", role=Role.PROVINCE, unit="Campaign office")
_POLICE = Actor(id="officer-9", role=Role.POLICE, unit="Department of Public Security")
_BUILDER = Actor(id="foreman", role=Role.ENTERPRISE, unit="Builders")
_CHECKER = Actor(id="checker", role=Role.ENTERPRISE, unit="Builders")

_REPORTS, _VERDICTS = LIFE[:3], LIFE[3:]
_TWO_PROBLEMS = [{"kind": "adit_open", "count": 2}, {"kind": "bare_ground", "count": 1}]
_EXPERTS = 3
_DEPARTMENTS = ("Water Resources", "Forestry")


@dataclass(frozen=True, eq=False)
class Option:
    """`plan` and `site` replace fields of the bench's; `life` strikes the site off, and every message is accepted."""

    name: str
    life: tuple[Step, ...]
    plan: Mapping[str, Any] = field(default_factory=dict)
    site: Mapping[str, Any] = field(default_factory=dict)


def _said(model: type[Command], actor: Actor, start: SiteStart, **content: Any) -> Message:
    """A message with a command of this kind, effective now."""
    kind = str(model.model_fields["kind"].default)
    about = ":".join(
        (start.terms.site_id, kind, actor.id, str(content.get("problem") or content.get("decision") or ""))
    )
    command = model(command_id=about, actor=actor, effective_at=datetime.now(UTC), **content)
    return Message(kind, command)


def _says(model: type[Command], actor: Actor, **content: Any) -> Step:
    return lambda start: _said(model, actor, start, **content)


def _expert(number: int) -> Actor:
    return Actor(id=f"expert-{number}", role=Role.EXPERT, unit=f"Institute {number}")


def _asked_for(start: SiteStart) -> Message:
    """A request for ten more days."""
    assert start.terms.due is not None
    until = (start.terms.due + timedelta(days=10)).date()
    return _said(RequestExtension, _CITY_OFFICE, start, until=until, reason="the road is closed")


def _catalogue(**asked: Any) -> list[dict[str, Any]]:
    """The bench's catalogue with the fields that an option needs in each entry; bare ground is planted."""
    grounds = {"revegetate": {"problems": ["bare_ground"]}}
    return [{**entry, **grounds.get(entry["id"], {}), **asked} for entry in CATALOGUE]


def _levels(*levels: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [{"title": level["id"], **level} for level in levels]


_OFFICES = [{"name": "Department of Natural Resources"}, {"name": _POLICE.unit}]
_WORKING_DAYS_5 = {"amount": 5, "unit": "working_days"}

PLAIN = Option("plain", LIFE)

OPTIONS = (
    PLAIN,
    Option(
        "evidence in order",
        LIFE,
        {"catalogue": _catalogue(evidence=["before", "during", "after"], evidence_gate="in_order")},
        {"problems": _TWO_PROBLEMS},
    ),
    Option(
        "closed by problem",
        (
            *_REPORTS,
            _says(CloseProblem, JUDGES["county"], level="county", problem="adit_open", passed=True),
            _says(CloseProblem, JUDGES["county"], level="county", problem="bare_ground", passed=True),
            *_VERDICTS,
        ),
        {
            "catalogue": _catalogue(),
            "verification": {
                "levels": _levels({"id": "county", "by": "county"}, {"id": "city", "by": "city"}),
                "closure": {"by": "problem"},
            },
        },
        {"problems": _TWO_PROBLEMS},
    ),
    Option(
        "four levels, three experts",
        (
            *(partial(report, number, by=_BUILDER) for number in range(3)),
            _says(SelfCheck, _CHECKER, level="self", passed=True),
            partial(verdict, 1),
            *(
                _says(GiveOpinion, _expert(number), level="city", passed=True, opinion="site and files agree")
                for number in range(_EXPERTS)
            ),
            partial(verdict, 2),
            partial(verdict, 3, by=_PROVINCE_OFFICE),
        ),
        {
            "verification": {
                "levels": _levels(
                    {"id": "self", "by": "enterprise", "self_check": True},
                    {"id": "county", "by": "county"},
                    {"id": "city", "by": "city", "experts": _EXPERTS},
                    {"id": "province", "by": "province"},
                ),
                "pool": [{"id": _expert(n).id, "unit": _expert(n).unit} for n in range(_EXPERTS)],
            }
        },
    ),
    Option(
        "extension asked for",
        (_asked_for, _says(DecideExtension, _DECIDER, granted=True), *LIFE),
        {
            "extension": {
                "before": _WORKING_DAYS_5,
                "decision": _WORKING_DAYS_5,
                "at_most": 2,
                "decider": {"name": _DECIDER.unit, "superior": {"name": "Leading group"}},
            }
        },
    ),
    Option(
        "suspended once",
        (_says(Suspend, _CITY_OFFICE, reason="flood", basis="flood"), _says(Resume, _CITY_OFFICE), *LIFE),
    ),
    Option(
        "police track",
        (
            _says(TransferCase, _CITY_OFFICE, reference="letter 4"),
            _says(AcceptCase, _POLICE),
            _says(DecideCase, _POLICE, decision="filed", reference="case 9"),
            *LIFE,
        ),
        {
            "issuing_agencies": _OFFICES,
            "police_track": {
                "agency": _POLICE.unit,
                "problems": ["adit_open"],
                "transfer": _WORKING_DAYS_5,
                "decision": _WORKING_DAYS_5,
                "closure": "both",
            },
        },
    ),
    Option(
        "modes and bookings",
        (
            _says(SetMode, _CITY_OFFICE, restoration_mode="engineering", funding_mode="fiscal"),
            _says(DecideMode, _PROVINCE_OFFICE, confirmed=True),
            *_REPORTS,
            _says(Book, _CITY_OFFICE, amount="1250000.00", unit="cny", reference="voucher 7"),
            *_VERDICTS,
        ),
        {
            "modes": {"confirmed_by_province": True},
            "catalogue": [
                *_catalogue(restoration_modes=["engineering"]),
                {"id": "enclose", "title": "Fence off", "unit": "m", "restoration_modes": ["natural"]},
            ],
        },
        {"problems": _TWO_PROBLEMS},
    ),
    Option(
        "two departments sign",
        (
            *LIFE,
            *(
                _says(SignOff, Actor(id=f"clerk-{name}", role=Role.DEPARTMENT, unit=name), passed=True)
                for name in _DEPARTMENTS
            ),
        ),
        {"sign_off": {"due": _WORKING_DAYS_5}},
        {"lead_government": "County government", "departments": _DEPARTMENTS},
    ),
)
"""The plain life first."""
