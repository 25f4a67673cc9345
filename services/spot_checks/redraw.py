"""Repeats a draw from the stored frame, from the ledgers of the sites, or from an exported frame."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from rules.spot_check.redraw import changed_lines, differences
from rules.spot_check.sampling import NO_SHARES, Shares, draw, frame_line
from schemas.errors import InvalidInput, NotFound, Refused
from schemas.options.spot_checks import Draw, FrameEntry
from schemas.spot_check import SampleDrawn, SampleEnlarged
from services.common.files import replacing
from services.spot_checks.subjects import spot_check_subject
from storage.connections import Pool
from storage.ledger import read_stream
from storage.spot_checks import read_check, read_frame, struck_off


@dataclass(frozen=True)
class Redrawn:
    """A recorded draw, its enlargements, and the differences of the repeated draw."""

    campaign_id: str
    check: str
    drawn: SampleDrawn
    enlarged: Sequence[SampleEnlarged]
    differences: Sequence[str]
    written: Path | None

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


async def redraw(pool: Pool, campaign_id: str, check: str, export: Path | None) -> Redrawn:
    """Repeat a recorded draw from the stored frame and from the ledgers; write the frame to `export`.

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
        with replacing(export) as unfinished:
            unfinished.write_text("".join(frame_line(one) + "\n" for one in kept), encoding="utf-8")
    found = [*differences("the kept frame", kept, drawn, more), *differences("the ledgers", told, drawn, more)]
    found += changed_lines(kept, told)
    return Redrawn(campaign_id, check, drawn, more, found, export)


@dataclass(frozen=True)
class FileDraw:
    """A draw from an exported frame; `expected` is the published frame hash, if given."""

    file: Path
    seed: int
    draw: Draw
    expected: str | None

    @property
    def holds(self) -> bool:
        """Whether it is the published frame."""
        return self.expected is None or self.expected == self.draw.frame_hash


def redraw_file(
    path: Path, seed: int, share: Decimal, minimum: int, expected: str | None, shares: Shares = NO_SHARES
) -> FileDraw:
    """Draw from an exported frame. InvalidInput names every invalid line; NotFound for a missing file."""
    return FileDraw(path, seed, draw(list(_read(path)), seed, share, minimum, shares), expected)


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
