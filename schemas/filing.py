"""Where a document lies in the outbox folder: who writes its files and who links to them agree on this."""

import hashlib
from datetime import date


def key_digest(key: str) -> str:
    """32 hex digits that stand for a document's key where the key itself cannot: file names, message ids."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def outbox_stem(campaign_id: str, city: str, kind: str, rung: int, key: str, issued_on: date) -> str:
    """`henan-2021/410400/2021-09-01-circular-r3-0a1b2c3d`: its files below the outbox, without their suffixes.

    `issued_on` is the day in the campaign's zone; a document of the campaign as a whole lies in `province`. The digest
    of the key sets apart two documents of one kind and day.
    """
    name = f"{issued_on.isoformat()}-{kind}-r{rung}-{key_digest(key)[:8]}"
    return f"{campaign_id}/{city or 'province'}/{name}"
