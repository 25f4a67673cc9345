"""Views of the patrol after closure: the duties of each city, its findings, look-backs and relapses."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from schemas.options.joint_group import JointGroupFacts
from schemas.options.patrol import PatrolFacts
from services.common.subjects import Subject
from services.common.text import deadline, local
from services.patrol.patrols import Patrols

_HEADS = ("duty", "title", "next due", "kept", "missed", "cured", "last")


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
        (d.duty, d.title, deadline(d.next_due, zone), d.performed - d.cured, d.missed, d.cured, local(d.last_at, zone))
        for d in patrol.duties
    )
    yield table(_HEADS, rows, right=["kept", "missed", "cured"])
    if patrol.group is not None:
        yield from _of_group(patrol.group, zone)


def _of_group(group: JointGroupFacts, zone: ZoneInfo) -> Iterator[RenderableType]:
    """The joint group: its open resolutions and its cases."""
    yield Text()
    yield Text(
        f"{group.title}, led by {group.leader}: {group.meetings} meetings; resolutions {group.resolutions_done} done "
        f"({group.resolutions_cured} of them late), {len(group.resolutions)} open, {group.resolutions_missed} missed"
    )
    if group.resolutions:
        open_ = [
            (number, one.unit, one.what, deadline(one.due, zone), "overdue" if one.told else "")
            for number, one in group.resolutions.items()
        ]
        yield table(("resolution", "office", "what", "due", ""), open_)
    if group.cases:
        cases = [
            (number, one.site or "", one.what, one.stage, one.reference or one.reason or "", deadline(one.due, zone))
            for number, one in group.cases.items()
        ]
        yield table(("finding", "site", "suspected offence", "case", "file or reason", "due"), cases)


def in_short(patrol: PatrolFacts) -> str:
    """A patrol on one line, for the page of its city."""
    missed, cured = sum(d.missed for d in patrol.duties), sum(d.cured for d in patrol.duties)
    kept = sum(d.performed for d in patrol.duties) - cured
    said = (
        f"{patrol.state}; duties {kept} kept, {missed} missed, {cured} cured; {patrol.findings} findings, "
        f"{sum(patrol.relapses.values())} relapses; look-backs {patrol.look_backs_open} open, "
        f"{patrol.look_backs_overdue} overdue"
    )
    if (group := patrol.group) is not None:
        taken = sum(case.reference is not None for case in group.cases.values())
        said += (
            f"; {group.meetings} joint meetings, resolutions {group.resolutions_done} done, {len(group.resolutions)} "
            f"open; cases {len(group.cases)} found, {taken} taken"
        )
    return said
