"""Views of an amendment: its preview as tables, JSON and CSV, and its progress."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import console, facts, print_json, table
from reports.spreadsheets.csv_file import write_csv as write_table
from rules.amendments.targets import target_moves
from rules.previews.amendment import Moved, SiteImpact, moved_phases
from schemas.amendments import AmendmentRecord
from schemas.base import iso_utc
from schemas.errors import InvalidInput
from schemas.options.joint import SigningFacts
from schemas.options.targets import TargetMove
from schemas.plan import Plan
from schemas.quantity import grouped
from services.amendments.apply import Preview
from services.amendments.files import Proposed
from services.amendments.preview import CityPreview
from services.common.sending import Sent
from services.common.text import amount, counted, deadline, local

if TYPE_CHECKING:
    from storage.amendments import AmendmentProgress

_COLUMNS = (
    "site", "city", "stage", "stage_after", "due", "due_after", "added", "removed", "changed", "next_rung",
    "next_rung_after",
)  # fmt: skip


def preview_page(preview: Preview, shown: int) -> Page:
    """The whole preview: `shown` sites in the table, all of them in the JSON."""
    proposed, cities = preview.proposed, preview.cities
    said, zone = proposed.said.amendment, proposed.subject.zone
    sites = [site for city in cities for site in city.sites]
    before, after = proposed.versions[-2].plan, proposed.frozen.plan
    moves = list(target_moves(before.targets, after.targets))
    phases = moved_phases(before, after)
    data = {
        "campaign_id": proposed.subject.campaign_id,
        "document_number": said.document_number,
        "title": said.title,
        "as_of": iso_utc(preview.at),
        "ends_on": {"before": before.ends_on.isoformat(), "after": after.ends_on.isoformat()},
        "phases": [{name: str(value) for name, value in phase._asdict().items()} for phase in phases],
        "cities_added": list(proposed.added),
        "cities_removed": list(said.cities.remove),
        "sites_added": len(proposed.sites),
        "cities": [_city_json(city) for city in cities],
        "sites": [_site_json(site) for site in sites],
        **({"targets": [_target_json(move) for move in moves]} if moves else {}),
    }
    head = facts(
        [
            ("amendment", f"{said.title} ({said.document_number})"),
            ("as of", local(preview.at, zone)),
            *((f"phase {phase.id}", f"{phase.before or 'new'} -> {phase.after or 'taken out'}") for phase in phases),
            ("campaign ends", f"{before.ends_on} -> {after.ends_on}" if before.ends_on != after.ends_on else None),
            ("cities added", ", ".join(proposed.added)),
            ("cities taken out", ", ".join(said.cities.remove)),
            ("sites added", f"{len(proposed.sites):,}" if proposed.sites else None),
            ("open sites", f"{sum(city.open for city in cities):,}"),
            ("of them touched", f"{len(sites):,}"),
        ]
    )
    parts: list[Any] = [head, Text(), _cities_table(cities, zone)]
    if moves:
        parts += [Text(), _targets_table(moves, before, after)]
    if sites:
        parts += [Text(), _sites_table(sites[:shown], zone)]
    if len(sites) > shown:
        parts.append(Text(f"... and {counted(len(sites) - shown, 'more site')}; all of them: --csv FILE or --json"))
    parts.append(Text("a preview: nothing was written", style="bold"))
    return Page(data, Group(*parts))


def write_csv(path: Path, cities: Sequence[CityPreview], zone: ZoneInfo) -> int:
    """Write one row per touched site; returns their number. InvalidInput if the file can not be written."""
    rows = [_row(site, zone) for city in cities for site in city.sites]
    try:
        write_table(path, _COLUMNS, rows)
    except OSError as error:
        raise InvalidInput(f"{path}: can not be written ({error.strerror})") from error
    return len(rows)


def status_page(
    records: Sequence[tuple[AmendmentRecord, Sequence["AmendmentProgress"]]],
    zone: ZoneInfo,
    signing: Sequence[SigningFacts] = (),
) -> Page:
    """Every amendment of a campaign, and its progress; `signing` are the signatures under what waits for them."""
    waits = {one.amendment: one for one in signing}
    data = [_status_json(record, told, waits.get(record.amendment)) for record, told in records]
    parts: list[Any] = []
    for record, told in records:
        heard = f"counts from {local(record.heard_at, zone)}" if record.heard else "written, not heard: apply it again"
        if not record.heard and (one := waits.get(record.amendment)) is not None:
            heard = f"waits for signatures. {one.in_words(zone)}"
        parts.append(Text(f"{record.amendment}. {record.title} ({record.document_number}): {heard}", style="bold"))
        if told:
            rows = [(c.code, c.name, "yes" if c.heard else "not yet", f"{c.told:,}", f"{c.open:,}") for c in told]
            headers = ("city", "name", "desk has heard", "sites told", "of open sites")
            parts.append(table(headers, rows, right=headers[3:]))
            done, total = sum(c.told for c in told), sum(c.open for c in told)
            parts.append(Text(f"told: {done:,} of {counted(total, 'open site')}"))
    return Page(data, Group(*parts) if parts else Text("the plan is in force as it was issued; nothing amends it"))


def tell_unchanged(found: Proposed, as_json: bool) -> None:
    """Print that an amendment is in effect already, and nothing was done."""
    record = found.record
    assert record is not None
    since = local(record.heard_at, found.subject.zone)
    if as_json:
        print_json({"document_number": record.document_number, "verdict": "duplicate", "amendment": record.amendment})
    else:
        console().print(f"unchanged: {record.document_number} counts since {since}; nothing was done")


def what_follows(campaign: str, sent: Sent) -> str:
    """What an applied amendment does, or whose signatures it waits for."""
    unsigned = sent.answer.state.get("unsigned", {}) if sent.answer is not None else {}
    if missing := unsigned.get(getattr(sent.command, "document", "")):
        number = getattr(sent.command, "amendment", "")
        return (
            f"it counts when {', '.join(missing)} signed it: "
            f"starter.py sign-plan {campaign} --amendment {number} --as ID:province:AGENCY"
        )
    return f"cities and sites are told now; how far: starter.py amend {campaign} --status"


def _cities_table(cities: Sequence[CityPreview], zone: ZoneInfo) -> Any:
    rows = []
    for city in cities:
        numbers = [f"{n:,}" for n in _counts(city).values()]
        rows.append((city.code, city.name, *numbers, *_desk(city, zone)))
    headers = (
        "city", "name", "open", "touched", "due earlier", "due later", "other work", "back to work", "done with",
        "not open yet", "receipt due", "deployment due", "decision due",
    )  # fmt: skip
    return table(headers, rows, right=headers[2:10])


def _counts(city: CityPreview) -> dict[str, int]:
    sites = city.sites
    return {
        "open": city.open,
        "touched": len(sites),
        "due_earlier": sum(_is_earlier(site.due) for site in sites),
        "due_later": sum(site.due.moves and not _is_earlier(site.due) for site in sites),
        "other_work": sum(bool(site.added or site.removed or site.changed) for site in sites),
        "recalled": sum(site.recalled for site in sites),
        "completed": sum(site.completed for site in sites),
        "not_open_yet": city.waiting,
    }


def _is_earlier(due: Moved) -> bool:
    return due.before is not None and due.after is not None and due.after < due.before


def _desk(city: CityPreview, zone: ZoneInfo) -> tuple[str, ...]:
    impact = city.impact
    return tuple(_moved(due, zone) if due.moves else "" for due in (impact.receipt, impact.deployment, impact.decision))


def _sites_table(sites: Sequence[SiteImpact], zone: ZoneInfo) -> Any:
    rows = [
        (s.site_id, s.city, s.stage if s.stage == s.stage_after else f"{s.stage} -> {s.stage_after}",
         _moved(s.due, zone), _work(s), _climbs(s))
        for s in sites
    ]  # fmt: skip
    return table(("site", "city", "stage", "due", "requirements", "next rung"), rows)


def _moved(due: Moved, zone: ZoneInfo) -> str:
    before, after = deadline(due.before, zone), deadline(due.after, zone)
    return before if before == after else f"{before or 'none'} -> {after or 'none'}"


def _work(site: SiteImpact) -> str:
    said = [f"+{one} {amount(quantity)}" for one, quantity in site.added.items()]
    said += [f"-{one}" for one in site.removed]
    said += [f"{one} {amount(b)} -> {amount(a)}" for one, (b, a) in site.changed.items()]
    return ", ".join(said)


def _targets_table(moves: Sequence[TargetMove], before: Plan, after: Plan) -> Any:
    """Every unit's old and new target."""
    units = [plan.targets.unit.sign if plan.targets is not None else "" for plan in (before, after)]
    rows = []
    for move in moves:
        amounts = [grouped(one) if one is not None else "none" for one in (move.before, move.after)]
        name = move.township or move.county or move.city or "province"
        level = "township" if move.township else "county" if move.county else "city" if move.city else ""
        rows.append((level, name, *amounts, "moves" if move.moves else ""))
    headers = ("level", "unit", f"target before {units[0]}".strip(), f"target after {units[1]}".strip(), "")
    return table(headers, rows, right=headers[2:4])


def _target_json(move: TargetMove) -> dict[str, Any]:
    places = {"city": move.city, "county": move.county, "township": move.township}
    return {**places, **move.model_dump(mode="json", include={"before", "after"})}


def _climbs(site: SiteImpact) -> str:
    before, after = (f"{c.rung} on {c.on}" if c is not None else "none" for c in (site.climb, site.climb_after))
    return before if before == after else f"{before} -> {after}"


def _row(site: SiteImpact, zone: ZoneInfo) -> tuple[str, ...]:
    climbs = [f"{c.rung}:{c.on}" if c is not None else "" for c in (site.climb, site.climb_after)]
    return (
        site.site_id, site.city, site.stage, site.stage_after, deadline(site.due.before, zone),
        deadline(site.due.after, zone), "; ".join(f"{one}*{amount(q)}" for one, q in site.added.items()),
        "; ".join(site.removed), "; ".join(f"{one}*{amount(b)}>{amount(a)}" for one, (b, a) in site.changed.items()),
        *climbs,
    )  # fmt: skip


def _city_json(city: CityPreview) -> dict[str, Any]:
    desk = city.impact.model_dump(mode="json", exclude={"city"})
    return {"code": city.code, "name": city.name, **_counts(city), "desk": desk}


def _site_json(site: SiteImpact) -> dict[str, Any]:
    return site.model_dump(mode="json")


def _status_json(
    record: AmendmentRecord, told: Sequence["AmendmentProgress"], waits: SigningFacts | None
) -> dict[str, Any]:
    return {
        "amendment": record.amendment,
        "document_number": record.document_number,
        "title": record.title,
        "written_at": iso_utc(record.written_at),
        "heard_at": iso_utc(record.heard_at) if record.heard_at is not None else None,
        "told": sum(city.told for city in told),
        "open": sum(city.open for city in told),
        "cities": [city._asdict() for city in told],
        "unsigned": list(waits.signatures.missing) if waits is not None else [],
    }
