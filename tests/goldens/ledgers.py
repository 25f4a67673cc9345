"""The ledgers of seeded forecasts: every example, and the small campaigns that have what no example has."""

import hashlib
import json
import lzma
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from intake.check import check
from intake.programme_file import read_programme
from schemas.ledger import LedgerEntry
from schemas.options.police import CaseClosure
from schemas.plan import FrozenPlan
from schemas.register import Site
from simulation.behaviour.temperament import Temperament
from simulation.forecast.programme import foresee
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from storage.ledger import as_exported, export_line
from tests.goldens.shapes import ROOT
from tests.support.accepted_campaign import accepted_plan, accepted_register
from tests.support.short_campaign import short_plan, short_register, two_tracks_plan, two_tracks_register

EXAMPLES = ROOT / "examples"
SEED = 2021
STREAM_END = "\t"
Ledger = dict[str, list[str]]
"""Stream to its lines: the export lines of its entries. `documents` and `sites` are what came of it, as JSON."""


def _example(folder: Path, people: Temperament) -> Ledger:
    mapping = folder / "map.yaml"
    report = check(folder / "plan.yaml", folder / "register.csv", mapping if mapping.exists() else None)
    assert report.frozen is not None and report.register is not None, str(report.faults)
    sites, surveys = report.register.sites, report.rounds.planned
    return _ledger(forecast(report.frozen, sites, people, SEED, keep_ledger=True, surveys=surveys))


def _programme(folder: Path, people: Temperament) -> Ledger:
    report = read_programme(folder / "programme.yaml", folder / "register.csv")
    assert report.frozen is not None and report.stock is not None, str(report.faults)
    foreseen = foresee(report.frozen, report.stock.sites, people, SEED)
    return {f"programme/{report.frozen.programme.id}": list(_exported(foreseen.entries))}


def _small(plan: FrozenPlan, sites: Sequence[Site], people: Temperament) -> Ledger:
    return _ledger(forecast(plan, sites, people, SEED, keep_ledger=True))


def _cases() -> Iterator[tuple[str, Callable[[], Ledger]]]:
    for folder in sorted(path for path in EXAMPLES.iterdir() if (path / "plan.yaml").exists()):
        # The large one says by its size; once is enough.
        for people in Temperament if folder.name != "closed-mines" else (Temperament.TYPICAL,):
            yield f"{folder.name}-{people}", partial(_example, folder, people)
        if (folder / "programme.yaml").exists():
            yield f"{folder.name}-programme-slack", partial(_programme, folder, Temperament.SLACK)
    for people in (Temperament.TYPICAL, Temperament.SLACK):
        yield f"short-{people}", partial(_small, short_plan(), short_register(), people)
        yield f"accepted-{people}", partial(_small, accepted_plan(), accepted_register(), people)
        two_tracks = two_tracks_plan("two-tracks", CaseClosure.BOTH)
        yield f"two-tracks-{people}", partial(_small, two_tracks, two_tracks_register(), people)


CASES: dict[str, Callable[[], Ledger]] = dict(_cases())


def _ledger(found: Forecast) -> Ledger:
    streams = {stream: list(_exported(entries)) for stream, entries in sorted(found.ledger.items())}
    streams["documents"] = [document.model_dump_json() for document in found.documents]
    streams["sites"] = [row.model_dump_json() for _, row in sorted(found.rows.items())]
    return streams


def _exported(entries: Iterable[LedgerEntry]) -> Iterator[str]:
    for entry in entries:
        yield export_line(as_exported(dict(entry)))


def summary(ledger: Ledger) -> dict[str, Any]:
    """The SHA-256 of everything; of each stream how many lines, the beginnings of its SHA-256 and of its last hash."""
    whole = hashlib.sha256()
    streams = {}
    for stream, lines in ledger.items():
        text = "".join(f"{line}\n" for line in lines).encode()
        whole.update(text)
        last = json.loads(lines[-1]).get("hash", "") if lines else ""
        streams[stream] = f"{len(lines)} {hashlib.sha256(text).hexdigest()[:16]} {last[:16]}".rstrip()
    return {"sha256": whole.hexdigest(), "streams": streams}


def packed(ledger: Ledger) -> bytes:
    """The lines for who wants to see what differs; without the hashes, which follow from the rest and do not pack."""
    lines = (f"{stream}{STREAM_END}{_bare(line)}\n" for stream, lines in ledger.items() for line in lines)
    return lzma.compress("".join(lines).encode())


def unpacked(content: bytes) -> Ledger:
    """What `packed` keeps: the lines of each stream, without hashes."""
    ledger: Ledger = {}
    for line in lzma.decompress(content).decode().split("\n")[:-1]:
        stream, _, said = line.partition(STREAM_END)
        ledger.setdefault(stream, []).append(said)
    return ledger


def first_difference(kept: Ledger, found: Ledger, streams: Iterable[str]) -> str:
    """The first line that differs in each of these streams, kept and found."""
    said = []
    for stream in streams:
        before, after = kept.get(stream, []), [_bare(line) for line in found.get(stream, [])]
        place = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
        at = min(len(before), len(after)) if place is None else place
        ends = "(the stream ends)"
        was, now = (lines[at] if at < len(lines) else ends for lines in (before, after))
        said.append(f"{stream}, line {at + 1}:\n  kept   {was}\n  found  {now}")
    return "\n".join(said)


def _bare(line: str) -> str:
    said = json.loads(line)
    if said.keys() >= {"hash", "prev_hash"}:
        del said["hash"], said["prev_hash"]
        return export_line(said)
    return line
