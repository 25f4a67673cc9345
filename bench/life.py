"""The site life that every variant runs: three reports, two verdicts, closed. Five messages, each sent singly.

`bench.options` has the lives under one option of the plan each.

The plan is an ordinary one with real holidays, begun yesterday and watched in real time, so that terms, inputs and
deadlines are those of production and nothing falls due during the measurement.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from intake.plan.freeze import freeze
from rules.terms.plan import site_terms
from schemas.actor import Actor, Role
from schemas.clock import Clock
from schemas.command import Command
from schemas.evidence import Evidence, EvidencePhase
from schemas.plan import FrozenPlan, Plan
from schemas.register import Site
from schemas.site.commands import CompleteTask, Verify
from schemas.starts import SiteStart
from schemas.streams import site_stream

CITY, COUNTY = "bench-city", "county-3"

REPORTER = Actor(id="team-7", role=Role.ENTERPRISE, unit="Builders")
JUDGES = {
    "county": Actor(id="judge-county", role=Role.COUNTY, unit=COUNTY),
    "city": Actor(id="judge-city", role=Role.CITY, unit=CITY),
}


@dataclass(frozen=True)
class Message:
    """One command under its wire name."""

    name: str
    command: Command


CATALOGUE: tuple[dict[str, Any], ...] = (
    {"id": "seal_adit", "title": "Seal the adit", "unit": "adit", "problems": ["adit_open"]},
    {"id": "warning_signs", "title": "Put up signs", "unit": "sign", "quantity": 2},
    {"id": "revegetate", "title": "Plant the ground", "unit": "hectare"},
)

Step: TypeAlias = Callable[[SiteStart], Message]
"""One message of a life, for the site of this input."""


def plan_of(campaign_id: str, today: datetime, option: Mapping[str, Any] = {}) -> FrozenPlan:
    """A plan of a hundred days that began yesterday; its id names one run of one variant.

    `option` is laid over its fields.
    """
    starts_on = today.date() - timedelta(days=1)
    plan = Plan.model_validate(
        {
            "id": campaign_id,
            "title": "Remediation of closed mines",
            "document_number": campaign_id,
            "issuing_agencies": [{"name": "Department of Natural Resources"}],
            "province": "Province",
            "language": "en",
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(days=100),
            "clauses": {
                "deployment": {"amount": 5, "unit": "working_days"},
                "rectification": {"amount": 45, "unit": "calendar_days"},
                "re_rectification": {"amount": 10, "unit": "working_days"},
            },
            "reminder_days": [7, 3, 1],
            "ladder": [
                {"rung": 2, "instrument": "supervision_order", "after": {"amount": 1, "unit": "calendar_days"}},
                {"rung": 3, "instrument": "circular", "after": {"amount": 5, "unit": "working_days"}},
                {"rung": 4, "instrument": "interview", "after": {"amount": 5, "unit": "working_days"}},
                {"rung": 5, "instrument": "listed_supervision", "after": {"amount": 5, "unit": "working_days"}},
            ],
            "verification": {"levels": [{"id": level, "title": level, "by": level} for level in JUDGES]},
            "division_codes": "free",
            "catalogue": CATALOGUE,
            "cities": [{"code": CITY, "name": "City", "lead": "City hall", "recipients": [{"name": "Office"}]}],
            **option,
        }
    )
    return freeze(plan)


def sites_of(count: int, option: Mapping[str, Any] = {}) -> list[Site]:
    """A register of `count` sites of one city; `option` replaces fields of each site."""
    alike = {"city": CITY, "county": COUNTY, "type": "adit", "problems": [{"kind": "adit_open", "count": 2}], **option}
    return [
        Site.model_validate({"id": f"site-{number:05d}", "name": f"Closed mine {number}", **alike})
        for number in range(count)
    ]


def starts_of(frozen: FrozenPlan, sites: Sequence[Site], opened_at: datetime) -> list[SiteStart]:
    """The input of each site's workflow, as `open_sites` makes it."""
    return [SiteStart(terms=site_terms(frozen, site, opened_at, Clock())) for site in sites]


def workflow_id(start: SiteStart) -> str:
    """The workflow id and ledger stream of a site, in every variant."""
    return site_stream(start.terms.campaign_id, start.terms.site_id)


def report(number: int, start: SiteStart, by: Actor = REPORTER) -> Message:
    """A report of the whole quantity of requirement `number`, with all required evidence."""
    site, requirement = start.terms.site_id, start.terms.requirements[number]
    command = CompleteTask(
        command_id=f"{site}-report-{number}",
        actor=by,
        effective_at=datetime.now(UTC),
        requirement=requirement.id,
        quantity=requirement.quantity,
        evidence=tuple(
            Evidence(phase=phase, ref=f"photos/{site}/{requirement.id}-{phase}.jpg")
            for phase in requirement.evidence or (EvidencePhase.AFTER,)
        ),
    )
    return Message("complete_task", command)


def verdict(number: int, start: SiteStart, by: Actor | None = None) -> Message:
    """Level `number` passes the site; the actor is its verifier in `JUDGES` unless another is given."""
    level = start.terms.levels[number].id
    command = Verify(
        command_id=f"{start.terms.site_id}-verdict-{level}",
        actor=by or JUDGES[level],
        effective_at=datetime.now(UTC),
        level=level,
        passed=True,
    )
    return Message("verify", command)


LIFE: tuple[Step, ...] = (*(partial(report, number) for number in range(3)), *(partial(verdict, n) for n in range(2)))

MESSAGES = len(LIFE)
"""Messages a site, its opening not counted."""
