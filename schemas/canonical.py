"""The canonical form of JSON, and the hash of a ledger entry made from it.

Sorted keys, no spaces, UTF-8, no NaN; a whole number is written without a fraction, so that every language
writes the same bytes.
"""

import hashlib
import json
import math
from datetime import datetime
from typing import Any

from schemas.base import iso_utc


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is dict:
        return {key: _plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_plain(item) for item in value]
    if kind is float:
        if not math.isfinite(value):
            raise ValueError(f"{value} has no JSON form")
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    return value


def canonical_json(value: Any) -> str:
    """The canonical JSON text of plain data (dict, list, str, int, float, bool, None)."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def entry_hash(
    prev_hash: str,
    stream: str,
    seq: int,
    kind: str,
    at: datetime,
    received_at: datetime,
    actor: str,
    data: str,
) -> str:
    """SHA-256 (hex) of an entry; `actor` and `data` are canonical JSON texts already.

    The keys below are in sorted order, so the text equals `canonical_json` of the whole object.
    """
    text = (
        f'{prev_hash}\n{{"actor":{actor},"at":"{iso_utc(at)}","data":{data},'
        f'"kind":{json.dumps(kind, ensure_ascii=False)},"received_at":"{iso_utc(received_at)}","seq":{seq},'
        f'"stream":{json.dumps(stream, ensure_ascii=False)}}}'
    )
    return hashlib.sha256(text.encode()).hexdigest()
