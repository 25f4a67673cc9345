"""Who leads, coordinates and builds a site, and who has not signed it off: columns of the workbook's register."""

import json
from collections.abc import Mapping
from typing import Any

from reports.sheet import Column, Kind
from reports.words import Words


def sign_off_columns(words: Words) -> list[Column]:
    """In the order of `sign_off_cells`."""
    return [
        Column(words("lead_government"), Kind.TEXT, 24),
        Column(words("departments"), Kind.TEXT, 30),
        Column(words("enterprise"), Kind.TEXT, 24),
        Column(words("not_signed"), Kind.TEXT, 30),
    ]


def sign_off_cells(record: Mapping[str, Any], facts: str | None) -> tuple[Any, ...]:
    """The parties of a register row, and the departments that are asked and have not signed."""
    signatures: dict[str, str | None] = json.loads(facts or "{}").get("signatures", {})
    unsigned = [department for department, at in signatures.items() if at is None]
    return (
        record.get("lead_government"),
        ", ".join(record.get("departments", ())) or None,
        record.get("enterprise"),
        ", ".join(unsigned) or None,
    )
