"""The site life that every variant lives: three reports, two verdicts, closed. Five messages, each on its own.

The plan is an ordinary one with real holidays, begun yesterday and watched in real time, so that terms, inputs and
deadlines are those of production and nothing falls due while we measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from intake.freeze import freeze
from rules.lifecycle import site_stream
from rules.terms import site_terms
from schemas.actor import Actor, Role
from schemas.clock import Clock
from schemas.commands import Command, CompleteTask, Evidence, Verify
from schemas.plan import FrozenPlan, Plan
from schemas.site import Problem, Site
from schemas.starts import SiteStart

MESSAGES = 5
"""Messages a site, its opening not counted."""

CITY = "bench-city"

REPORTER = Actor(id="team-7", role=Role.COUNTY, unit="county-3")
JUDGES = {
    "county": Actor(id="judge-county", role=Role.COUNTY, unit="county-3"),
    "city": Actor(id="judge-city", role=Role.CITY, unit=CITY),
}


@dataclass(frozen=True)
class Message:
    """One command under its wire name."""

    name: str
    command: Command


def plan_of(campaign_id: str, today: datetime) -> FrozenPlan:
    """A plan of a hundred days that began yesterday; its id names one run of one variant."""
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
            "verification": {"levels": [{"id": level, "title": level} for level in JUDGES]},
            "division_codes": "free",
            "catalogue": [
                {"id": "seal_adit", "title": "Seal the adit", "unit": "adit", "problems": ["adit_open"]},
                {"id": "warning_signs", "title": "Put up signs", "unit": "sign", "quantity": 2},
                {"id": "revegetate", "title": "Plant the ground", "unit": "hectare"},
            ],
            "cities": [{"code": CITY, "name": "City", "lead": "City hall", "recipients": [{"name": "Office"}]}],
        }
    )
    return freeze(plan)


def sites_of(count: int, prefix: str = "site") -> list[Site]:
    """A register of `count` sites of one city."""
    return [
        Site(
            id=f"{prefix}-{number:05d}",
            name=f"Closed mine {number}",
            city=CITY,
            county="county-3",
            type="adit",
            problems=(Problem(kind="adit_open", count=2),),
        )
        for number in range(count)
    ]


def starts_of(frozen: FrozenPlan, sites: Sequence[Site], opened_at: datetime) -> list[SiteStart]:
    """The input of each site's workflow, as `open_sites` makes it."""
    return [SiteStart(terms=site_terms(frozen, site, opened_at, Clock())) for site in sites]


def workflow_id(start: SiteStart) -> str:
    """The workflow id and ledger stream of a site, in every variant."""
    return site_stream(start.terms.campaign_id, start.terms.site_id)


def message(number: int, start: SiteStart) -> Message:
    """The message `number` (0 to MESSAGES - 1) of a site: the reports in order, then the verdicts."""
    requirements = start.terms.requirements
    if number < len(requirements):
        requirement = requirements[number]
        report = CompleteTask(
            command_id=f"{start.terms.site_id}-report-{number}",
            actor=REPORTER,
            effective_at=datetime.now(UTC),
            requirement=requirement.id,
            quantity=requirement.quantity,
            evidence=(Evidence(ref=f"photos/{start.terms.site_id}/{requirement.id}-after.jpg"),),
        )
        return Message("complete_task", report)
    level = start.terms.levels[number - len(requirements)].id
    verdict = Verify(
        command_id=f"{start.terms.site_id}-verdict-{level}",
        actor=JUDGES[level],
        effective_at=datetime.now(UTC),
        level=level,
        passed=True,
    )
    return Message("verify", verdict)
