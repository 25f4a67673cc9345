"""The register's columns of deferrals, the police track and sign-off, from a site's facts."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reports.tables.sheet import Column, Kind
from reports.words.catalogue import Words
from schemas.clause_words import clause_said
from schemas.deferrals import Deferrals


def deferral_columns(words: Words) -> list[Column]:
    """The columns, in the order of `deferral_cells`."""
    return [
        Column(words("days_suspended"), Kind.NUMBER, 9),
        Column(words("days_by_city"), Kind.NUMBER, 9),
        Column(words("suspended_since"), Kind.INSTANT, 19),
        Column(words("suspended_to"), Kind.DAY, 12),
        Column(words("suspended_by"), Kind.TEXT, 22),
        Column(words("basis"), Kind.TEXT, 12),
        Column(words("extensions_refused"), Kind.NUMBER, 9),
        Column(words("extension_pending"), Kind.TEXT, 9, ((words("yes"), "under_way"),)),
        Column(words("case"), Kind.TEXT, 12),
        Column(words("case_reference"), Kind.ID, 18),
        Column(words("case_waits_for"), Kind.TEXT, 22),
    ]


def deferral_cells(facts: str | None, words: Words, as_of: datetime) -> tuple[Any, ...]:
    """The cells; days of all suspensions, including a current one, have one decimal; cells without data are empty."""
    values = json.loads(facts or "{}")
    deferrals, case = values.get("deferrals", {}), values.get("case", {})
    stood = Deferrals.model_validate(deferrals)
    by_city, by_province = stood.days_at(as_of)
    return (
        round(by_city + by_province, 1) or None,
        round(by_city, 1) or None,
        stood.suspended_since,
        stood.suspended_until,
        stood.suspended_by,
        words.named("basis", stood.basis) if stood.basis else None,
        deferrals.get("extensions_refused"),
        words("yes") if deferrals.get("extension_pending") else None,
        words.named("case", case["state"]) if case else None,
        case.get("reference"),
        case.get("waits_for"),
    )


def responsible_columns(words: Words) -> list[Column]:
    """The columns, in the order of `responsible_cells`."""
    return [
        Column(words("responsible_unit"), Kind.TEXT, 24),
        Column(words("responsible_person"), Kind.ID, 14),
        Column(words("not_receipted"), Kind.TEXT, 24),
        Column(words("builder"), Kind.TEXT, 24),
        Column(words("owed"), Kind.TEXT, 30),
    ]


def responsible_cells(record: Mapping[str, Any], facts: str | None, words: Words) -> tuple[Any, ...]:
    """Who is responsible, to whom it is handed over, who builds now, and what is owed to the county."""
    values = json.loads(facts or "{}")
    now, builder = values.get("responsible", {}), values.get("builder")
    pending = (f"{one['unit']} ({one['person']})" for one in now.get("pending", {}).values())
    builds = record.get("enterprise")
    if builder is not None:
        builds = words("by_county") if builder.get("by_county") else builder.get("enterprise")
    owed = (f"{enterprise}: {amount}" for enterprise, amount in (builder or {}).get("owed", {}).items())
    return (
        now.get("unit") or next(iter(record.get("responsible", ())), None),
        now.get("person") or record.get("responsible_person"),
        ", ".join(pending) or None,
        builds,
        "; ".join(owed) or None,
    )


def grade_cells(record: Mapping[str, Any], facts: str | None, words: Words) -> tuple[Any, ...]:
    """The present hazard, by what it was graded and why, and the clause of the deadline that is awaited."""
    values = json.loads(facts or "{}")
    grade = values.get("grade") or {}
    by = ": ".join(text for text in (grade.get("by"), grade.get("reason")) if text)
    clause = clause_said(values.get("clauses", {}), "due", words.language)
    return words.named("hazard", grade.get("hazard") or record.get("hazard", "")), by or None, clause or None


def sign_off_columns(words: Words) -> list[Column]:
    """The columns, in the order of `sign_off_cells`."""
    return [
        Column(words("lead_government"), Kind.TEXT, 24),
        Column(words("departments"), Kind.TEXT, 30),
        Column(words("enterprise"), Kind.TEXT, 24),
        Column(words("not_signed"), Kind.TEXT, 30),
    ]


def sign_off_cells(record: Mapping[str, Any], facts: str | None) -> tuple[Any, ...]:
    """The parties of a register row, and the departments that were asked and have not signed."""
    signatures: dict[str, str | None] = json.loads(facts or "{}").get("signatures", {})
    unsigned = [department for department, at in signatures.items() if at is None]
    return (
        record.get("lead_government"),
        ", ".join(record.get("departments", ())) or None,
        record.get("enterprise"),
        ", ".join(unsigned) or None,
    )
