"""An independent proof of a ledger: the hash chain computed with json and hashlib only."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from schemas.ledger import LedgerEntry


def written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def instant(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc.year:04}-{utc.month:02}-{utc.day:02}T{utc:%H:%M:%S}.{utc.microsecond:06}Z"


def proved(entries: Iterable[LedgerEntry], head: str = "", seq: int = 0) -> tuple[str, int]:
    """Assert that the entries continue the chain from `head` and `seq`; returns the new head and number."""
    for entry in entries:
        seq += 1
        actor, data = json.loads(entry.actor), json.loads(entry.data)
        assert (written(actor), written(data)) == (entry.actor, entry.data), "kept byte for byte in canonical form"
        text = written(
            {
                "stream": entry.stream,
                "seq": seq,
                "kind": entry.kind,
                "at": instant(entry.at),
                "received_at": instant(entry.received_at),
                "actor": actor,
                "data": data,
            }
        )
        assert entry.seq == seq
        assert entry.prev_hash == head
        head = hashlib.sha256(f"{head}\n{text}".encode()).hexdigest()
        assert entry.hash == head, f"{entry.stream} #{seq} {entry.kind}"
    return head, seq
