"""The short campaign with all options of acceptance, for the forecast and for the real engine."""

from typing import Any

from intake.plan.freeze import freeze
from schemas.evidence import EvidencePhase
from schemas.plan import FrozenPlan, Plan
from schemas.register import Problem, Site
from tests.support.short_campaign import short_plan, short_register

_SIX = [
    {"id": f"expert-{n}", "unit": f"Institute {n % 4}", **({} if n % 3 else {"city": "north" if n % 2 else "south"})}
    for n in range(1, 9)
]


def accepted_plan(campaign_id: str = "accepted-2021") -> FrozenPlan:
    """Self-check, county, city with three experts; problems by themselves; evidence in order; a rung for the worst."""
    said: dict[str, Any] = short_plan(campaign_id).plan.model_dump(mode="json")
    for entry in said["catalogue"]:
        if entry["id"] == "seal":
            entry |= {"evidence": [phase.value for phase in EvidencePhase], "evidence_gate": "in_order"}
            entry |= {"problems": ["open_adit"], "site_types": []}
        if entry["id"] == "signs":
            entry["problems"] = ["no_signs", "open_adit"]
    said["verification"] = {
        "max_rounds": 1,
        "exhausted_rung": 3,
        "closure": {"by": "problem"},
        "levels": [
            {
                "id": "self",
                "title": "Self-check",
                "by": "enterprise",
                "self_check": True,
                "due": {"amount": 1, "unit": "working_days"},
            },
            {"id": "county", "title": "County", "by": "county", "due": {"amount": 1, "unit": "working_days"}},
            {"id": "city", "title": "City", "by": "city", "experts": 3, "due": {"amount": 3, "unit": "calendar_days"}},
        ],
        "pool": _SIX,
    }
    return freeze(Plan.model_validate(said))


def accepted_register() -> list[Site]:
    """Every site has an open adit, every third also lacks signs; half of them name a responsible unit."""
    return [
        site.model_copy(
            update={
                "problems": (Problem(kind="open_adit"), *site.problems),
                "county": f"{site.city} {site.county}",
                "responsible": ("Builders",) if number % 2 else (),
            }
        )
        for number, site in enumerate(short_register())
    ]
