"""Working a draw out again: from the kept frame, from the ledgers of the sites, or from an exported frame."""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError
from rich.console import Group
from rich.text import Text

from commands.common.page import Page
from commands.common.subjects import spot_check_subject
from commands.common.tables import counted, facts, table
from rules.spot_check.redraw import changed_lines, differences
from rules.spot_check.sampling import draw, frame_line
from schemas.errors import InvalidInput, NotFound, Refused
from schemas.options.spot_checks import Draw, FrameEntry
from schemas.spot_check import SampleDrawn, SampleEnlarged
from storage.connections import Pool
from storage.ledger import read_stream
from storage.spot_checks import read_check, read_frame, struck_off

_SHOWN = 20


async def redraw_page(pool: Pool, campaign_id: str, check: str, export: Path | None) -> tuple[Page, bool]:
    """A recorded draw worked out again from the kept frame and from the ledgers; whether it holds.

    Refused while the sample is not drawn; NotFound for an unknown campaign or check.
    """
    subject = await spot_check_subject(pool, campaign_id, check)
    entries = await read_stream(pool, subject.stream)
    drawn = next((SampleDrawn.model_validate_json(one.data) for one in entries if one.kind == "sample_drawn"), None)
    if drawn is None:
        raise Refused(f"spot check {check}: its sample is not drawn yet, so there is nothing to work out again")
    more = [SampleEnlarged.model_validate_json(one.data) for one in entries if one.kind == "sample_enlarged"]
    await read_check(pool, campaign_id, check)
    kept = await read_frame(pool, campaign_id, check)
    terms = subject.check.terms
    told = await struck_off(pool, campaign_id, terms.city, drawn.frame_at, terms.plan.passed)
    if export is not None:
        _write(export, kept)
    said = [*differences("the kept frame", kept, drawn, more), *differences("the ledgers", told, drawn, more)]
    said += changed_lines(kept, told)
    data = {
        "campaign_id": campaign_id,
        "check": check,
        "seed": drawn.seed,
        "frame_hash": drawn.frame_hash,
        "frame_size": drawn.frame_size,
        "sample": [one.id for one in drawn.sample],
        "enlarged": {one.unit: [site.id for site in one.sample] for one in more},
        "holds": not said,
        "differences": said,
    }
    sampled = len(drawn.sample) + sum(len(one.sample) for one in more)
    shown = facts(
        [
            ("seed", drawn.seed),
            ("frame", f"{counted(drawn.frame_size, 'site')}, {drawn.frame_hash}"),
            ("share", f"{drawn.share}, at least {drawn.minimum}; enlarged by {drawn.enlarge}"),
            ("sample", counted(sampled, "site")),
            ("written", str(export) if export is not None else None),
        ]
    )
    return Page(data, Group(Text(f"{campaign_id}  spot check {check}", style="bold"), shown, _verdict(said))), not said


def redraw_file(path: Path, seed: int, share: Decimal, minimum: int, expected: str | None) -> tuple[Page, bool]:
    """A draw from an exported frame; with the hash that was published, whether it is that frame."""
    frame = list(_read(path))
    found = draw(frame, seed, share, minimum)
    holds = expected is None or expected == found.frame_hash
    data = {**found.model_dump(mode="json", exclude={"sample": {"__all__": {"hands"}}}), "seed": seed, "holds": holds}
    said = [] if holds else [f"{path}: its hash is {found.frame_hash}, expected {expected}"]
    return Page(data, Group(_drawn(found, seed), *([_verdict(said)] if expected is not None else []))), holds


def _drawn(found: Draw, seed: int) -> Group:
    return Group(
        facts([("seed", seed), ("frame", f"{counted(found.frame_size, 'site')}, {found.frame_hash}")]),
        Text(),
        table(
            ("city", "county", "hazard", "size", "drawn"),
            ((one.city, one.county, one.hazard, one.size, one.drawn) for one in found.strata),
            right=["size", "drawn"],
        ),
        Text("sample: " + (", ".join(one.id for one in found.sample) or "nothing")),
    )


def _verdict(said: list[str]) -> Text:
    if not said:
        return Text("worked out again: frame, hash and every drawn site are as recorded")
    more = f"\n... and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return Text("worked out again, it DIFFERS:\n" + "\n".join(said[:_SHOWN]) + more, style="bold red")


def _write(path: Path, frame: list[FrameEntry]) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text("".join(frame_line(one) + "\n" for one in frame), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise InvalidInput(f"{path}: can not be written ({error.strerror})") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _read(path: Path) -> Iterator[FrameEntry]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"{path}: can not be read as UTF-8 text ({error})") from error
    faults, seen = [], set[str]()
    found = []
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            entry = FrameEntry.model_validate(json.loads(text))
        except (ValidationError, ValueError) as error:
            faults.append(f"{path}: line {number}: {_first(error)}")
            continue
        if entry.id in seen:
            faults.append(f"{path}: line {number}: site {entry.id} stands twice, expected once")
        seen.add(entry.id)
        found.append(entry)
    if faults:
        raise InvalidInput("\n".join(faults))
    yield from found


def _first(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, fault['loc'])) or 'line'}: {fault['msg'].lower()}"
    return f"expected one JSON object a line, as `redraw --export` writes it ({error})"
