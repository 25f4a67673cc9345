"""Views of the patrol after closure: the duties of each city, its findings, look-backs and relapses."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from schemas.options.patrol import PatrolFacts
from services.common.subjects import Subject
from services.common.text import deadline, local
from services.patrol.patrols import Patrols

_HEADS = ("duty", "title", "next due", "kept", "missed", "last")


def patrol_page(found: Patrols) -> Page:
    """The patrols of a campaign's cities, or of one."""
    subject, patrols = found.subject, found.by_city
    codes = [subject.city] if subject.city is not None else [city.code for city in subject.frozen.plan.cities]
    shown: list[RenderableType] = []
    for code in codes:
        name = subject.frozen.plan.city(code).name
        shown.append(Text(f"{subject.campaign_id}/{code}  {name}", style="bold"))
        shown += list(_of_city(subject, patrols.get(code)))
        shown.append(Text())
    data = {code: facts.model_dump(mode="json") for code, facts in patrols.items()}
    return Page({"campaign_id": subject.campaign_id, "patrols": data}, Group(*shown[:-1]))


def _of_city(subject: Subject, patrol: PatrolFacts | None) -> Iterable[RenderableType]:
    zone = subject.zone
    if subject.frozen.plan.patrol is None:
        yield Text("the plan has no patrol")
        return
    if patrol is None:
        yield Text("not begun: it begins with the dispatch that tells the first strike-off, or when the city closes")
        return
    relapses = ", ".join(f"{county or 'unknown'}: {number}" for county, number in sorted(patrol.relapses.items()))
    looked = f"{patrol.look_backs_open} open, {patrol.look_backs_overdue} of them overdue, "
    looked += f"{patrol.look_backs_held} held, {patrol.look_backs_failed} did not"
    yield facts(
        [
            ("state", patrol.state),
            ("began", local(patrol.began_at, zone)),
            ("until", deadline(patrol.until, zone)),
            ("findings", patrol.findings),
            ("relapses by county", relapses or "none"),
            ("look-backs", looked),
        ]
    )
    rows = (
        (d.duty, d.title, deadline(d.next_due, zone), d.performed, d.missed, local(d.last_at, zone))
        for d in patrol.duties
    )
    yield table(_HEADS, rows, right=["kept", "missed"])


def in_short(patrol: PatrolFacts) -> str:
    """A patrol on one line, for the page of its city."""
    kept, missed = sum(d.performed for d in patrol.duties), sum(d.missed for d in patrol.duties)
    return (
        f"{patrol.state}; duties {kept} kept, {missed} missed; {patrol.findings} findings, "
        f"{sum(patrol.relapses.values())} relapses; look-backs {patrol.look_backs_open} open, "
        f"{patrol.look_backs_overdue} overdue"
    )
