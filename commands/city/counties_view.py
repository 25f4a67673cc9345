"""The counties and townships of a city with their deployments, and the calls that are not answered."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import table
from schemas.errors import NotFound
from schemas.options.county_state import CallFacts, UnitFacts
from schemas.status import CityStatus
from services.campaign.status import CityState
from services.common.text import counted, deadline, local


def county_tables(status: CityStatus, zone: ZoneInfo) -> list[RenderableType]:
    """The table of units, and that of open calls; empty for a city without either."""
    found: list[RenderableType] = []
    if status.counties:
        found += [Text(), _units(status.counties, zone)]
    if status.calls_made:
        said = f"{counted(status.calls_made, 'call')} to departments, {status.calls_answered:,} answered"
        found += [Text(), Text(said), *([_calls(status.calls, zone)] if status.calls else [])]
    return found


def county_words(cities: Sequence[CityStatus]) -> list[RenderableType]:
    """One line of a campaign's status: how many counties have an approved deployment, and how many owe something."""
    units = [one for city in cities for one in city.counties]
    if not units:
        return []
    approved = sum(one.deployment == "approved" for one in units)
    late, calls = sum(one.overdue for one in units), sum(len(city.calls) for city in cities)
    said = f"counties and townships: {approved:,} of {len(units):,} deployments approved, {late:,} overdue"
    return [Text(f"{said}; {counted(calls, 'call')} without an answer" if calls else said)]


def county_page(state: CityState, county: str) -> Page:
    """One county with its townships and its calls. NotFound if the city does not know it."""
    status, zone = state.status, state.subject.zone
    units = [one for one in status.counties if one.county == county]
    if not units:
        raise NotFound(f"county {county}: {status.name} has no state of it; its plan has no `county_deployment`")
    calls = [one for one in status.calls if one.county == county]
    shown = Group(
        Text(f"{state.subject.campaign_id}/{status.code}/{county}  {units[0].name}", style="bold"),
        _units(units, zone),
        *([Text("calls without an answer:"), _calls(calls, zone)] if calls else []),
    )
    data = {
        "campaign_id": state.subject.campaign_id,
        "city": status.code,
        "counties": [one.model_dump(mode="json") for one in units],
        "calls": [one.model_dump(mode="json") for one in calls],
    }
    return Page(data, shown)


def _units(units: Sequence[UnitFacts], zone: ZoneInfo) -> RenderableType:
    heads = ("county", "township", "name", "deployment", "signed", "due", "late", "submitted", "approved", "sites")
    return table(
        heads,
        (
            (
                one.county,
                one.township,
                one.name,
                one.deployment,
                local(one.receipt_signed_at, zone),
                deadline(one.due, zone),
                "late" if one.overdue else None,
                local(one.submitted_at, zone),
                local(one.approved_at, zone),
                "open" if one.opened else None,
            )
            for one in units
        ),
    )


def _calls(calls: Sequence[CallFacts], zone: ZoneInfo) -> RenderableType:
    rows = (
        (one.call, one.department, one.site, deadline(one.due, zone), "late" if one.overdue else None, one.matter)
        for one in calls
    )
    return table(("call", "department", "site", "due", "late", "matter"), rows)
