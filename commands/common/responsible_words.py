"""Who is responsible for a site and who builds it, as lines of text."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.common.text import deadline


def charge_words(unit: str, person: str | None) -> str:
    """`UNIT (PERSON)`, or the unit alone."""
    return f"{unit} ({person})" if person else unit


def responsible_words(status_site: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The site's responsible unit and person, those of requirements, and what is not receipted yet."""
    now = facts.get("responsible")
    registered = status_site.get("responsible") or (status_site["county"],)
    if now is None:
        yield "responsible", charge_words(registered[0], status_site.get("responsible_person"))
        return
    yield "responsible", charge_words(now["unit"], now.get("person"))
    for requirement, one in now.get("requirements", {}).items():
        yield f"  {requirement}", charge_words(one["unit"], one.get("person"))
    for requirement, one in now.get("pending", {}).items():
        what = requirement or "the site"
        yield "not receipted", f"{what}, handed over to {charge_words(one['unit'], one.get('person'))}"


def builder_words(
    status_site: Mapping[str, Any], facts: Mapping[str, Any], zone: ZoneInfo
) -> Iterator[tuple[str, str]]:
    """Who builds, who did before, what waits for the province, and what is owed to the county."""
    now = facts.get("builder")
    if now is None:
        corrected = facts.get("corrections", {}).get("enterprise")
        if enterprise := corrected or status_site.get("enterprise"):
            yield "built by", enterprise
        return
    county = "the county, in the enterprise's place"
    yield "built by", county if now.get("by_county") else now.get("enterprise") or "any"
    if now.get("replaced"):
        yield "replaced", ", ".join(now["replaced"])
    if now.get("pending") is not None:
        due = deadline(datetime.fromisoformat(now["decision_due"]), zone)
        yield "asked for", f"{now['pending'] or 'any enterprise'}, to be decided by {due}"
    for enterprise, amount in now.get("owed", {}).items():
        yield "to recover", f"{amount} cny from {enterprise}"
