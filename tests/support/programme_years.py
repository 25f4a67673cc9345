"""A small programme: three years of thirty days, in plain weekdays."""

from datetime import date
from typing import Any

from intake.plan.freeze import freeze, redate
from intake.programme_file import freeze_programme
from schemas.plan import Plan
from schemas.programme import FrozenProgramme, Programme
from schemas.register import Hazard, Problem, Site
from tests.support.short_campaign import short_plan

YEARS = [
    (date(2021, 3, 1), date(2021, 3, 26)),
    (date(2022, 3, 1), date(2022, 3, 28)),
    (date(2023, 3, 1), date(2023, 3, 28)),
]


SURVEYED: dict[str, Any] = {
    "survey": {"grace": {"amount": 5, "unit": "working_days"}},
    "surveys": (date(2021, 2, 12), date(2022, 2, 11), date(2023, 2, 10)),
}
"""Changes of a programme of `YEARS` by which its stock is surveyed each year."""


def programme_of(years: list[tuple[date, date]], **changes: Any) -> FrozenProgramme:
    """A programme whose years follow the short campaign's plan; `surveys` are the last days of the years' surveys."""
    surveys = changes.pop("surveys", ())
    base = short_plan("base").plan
    programme = Programme.model_validate(
        {
            "id": "basin",
            "title": "The basin",
            "document_number": "B/1",
            "share": 0.3,
            "ends_on": years[-1][1],
            "plan": "plan.yaml",
            "years": [
                {
                    "id": f"basin-{place}",
                    "document_number": f"B/1/{place}",
                    "starts_on": first,
                    "ends_on": last,
                    **({"survey": {"until": surveys[place]}} if surveys else {}),
                }
                for place, (first, last) in enumerate(years)
            ],
            **changes,
        }
    )
    plans = []
    for year in programme.years:
        moved = redate(base, year.starts_on)
        named = {"id": year.id, "document_number": year.document_number, "ends_on": year.ends_on, "phases": ()}
        plans.append(freeze(Plan.model_validate(moved.model_copy(update=named).model_dump())))
    return freeze_programme(programme, tuple(plans))


def stock_of(areas: list[float], city: str, county: str = "north") -> list[Site]:
    """Sites of these hectares; every third is of high hazard."""
    return [
        Site(
            id=f"s-{place:03}",
            name=f"Site {place}",
            city=city,
            county=county,
            type="pit",
            area_ha=area,
            problems=(Problem(kind="adit"),),
            hazard=Hazard.HIGH if place % 3 == 0 else Hazard.LOW,
        )
        for place, area in enumerate(areas)
    ]
