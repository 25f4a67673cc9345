"""Proves chains and anchors, entry by entry: pure functions; the caller reads the ledger."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import ValidationError

from schemas.campaign import Anchored
from schemas.canonical import entry_hash
from schemas.errors import LedgerBroken


class Link(NamedTuple):
    """The data of a proved entry that an anchor needs."""

    seq: int
    hash: str
    txid: int


@dataclass
class Stream:
    """The state of proving one stream: each entry must be the successor of the one before."""

    name: str
    links: list[Link] = field(default_factory=list)

    def take(self, entry: Mapping[str, Any]) -> None:
        """Proves the next entry. Raises LedgerBroken for a gap in seq, or a wrong prev_hash or hash."""
        expected = len(self.links) + 1
        if entry["seq"] != expected:
            raise LedgerBroken(f"stream {self.name} seq {expected}: missing (seq: the next one is {entry['seq']})")
        prev_hash = self.links[-1].hash if self.links else ""
        where = f"stream {self.name} seq {expected}"
        if entry["prev_hash"] != prev_hash:
            raise LedgerBroken(f"{where}: prev_hash is not the hash of the entry before it")
        proved = entry_hash(
            prev_hash, self.name, expected, entry["kind"], entry["at"], entry["received_at"], entry["actor"],
            entry["data"],
        )  # fmt: skip
        if proved != entry["hash"]:
            raise LedgerBroken(f"{where}: hash does not match its content; the entry was changed after it was recorded")
        self.links.append(Link(expected, proved, int(entry["txid"])))


@dataclass(frozen=True)
class Snapshot:
    """A Postgres snapshot `xmin:xmax:xip,...`; `sees` is `pg_visible_in_snapshot`."""

    xmin: int
    xmax: int
    in_progress: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> "Snapshot":
        xmin, xmax, in_progress = text.split(":")
        return cls(int(xmin), int(xmax), frozenset(int(xid) for xid in in_progress.split(",") if xid))

    def sees(self, txid: int) -> bool:
        return txid < self.xmin or (txid < self.xmax and txid not in self.in_progress)


class _Anchor:
    """One anchored event, and the digest recomputed from the entries that its snapshot saw."""

    def __init__(self, stream: str, seq: int, event: Anchored) -> None:
        self.where = f"stream {stream} seq {seq}"
        self.event = event
        self.snapshot = Snapshot.parse(event.snapshot)
        self.digest = hashlib.sha256()
        self.streams = 0
        self.entries = 0

    def prove(self) -> None:
        if self.digest.hexdigest() != self.event.digest:
            raise LedgerBroken(
                f"{self.where}: its digest does not hold; it anchored {self.event.entries} entries in "
                f"{self.event.streams} streams, and of these {self.entries} in {self.streams} are there. "
                "Entries recorded before this anchor were removed, added or replaced"
            )


class Anchors:
    """The anchors of a campaign. Streams must be added sorted by name, because the digest is over that order."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """`rows` are stream, seq and data of the anchored entries, oldest first."""
        self._anchors: list[_Anchor] = []
        self._unreadable: list[str] = []
        for row in rows:
            try:
                self._anchors.append(_Anchor(row["stream"], row["seq"], Anchored.model_validate_json(row["data"])))
            except (ValidationError, ValueError):
                # Probably changed: the proof of its stream reports it first, else `prove` raises.
                self._unreadable.append(f"stream {row['stream']} seq {row['seq']}")

    def __len__(self) -> int:
        return len(self._anchors)

    def take(self, stream: Stream) -> None:
        """Adds the head that each anchor saw of a stream; an older anchor cannot have seen more than a newer one."""
        seen = len(stream.links)
        line = b""
        for anchor in reversed(self._anchors):
            before = seen
            while seen and not anchor.snapshot.sees(stream.links[seen - 1].txid):
                seen -= 1
            if not seen:
                return
            if seen != before or not line:
                head = stream.links[seen - 1]
                line = f"{stream.name} {head.seq} {head.hash}\n".encode()
            anchor.digest.update(line)
            anchor.streams += 1
            anchor.entries += seen

    def prove(self) -> None:
        """Raises LedgerBroken for the first anchor with a wrong digest."""
        for where in self._unreadable:
            raise LedgerBroken(f"{where}: an anchor that cannot be read")
        for anchor in self._anchors:
            anchor.prove()
