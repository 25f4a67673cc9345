"""What was corrected of a site's register row, as its status says it; the row itself stays as it was registered."""

from collections.abc import Iterator

from schemas.status import SiteStatus


def known_as(status: SiteStatus) -> str:
    """The site's name as it holds now."""
    name: str = status.facts.get("corrections", {}).get("name") or status.site["name"]
    return name


def correction_words(status: SiteStatus) -> Iterator[tuple[str, str]]:
    """One line a corrected field: what holds now, and what the register says."""
    for place, (field, now) in enumerate(status.facts.get("corrections", {}).items()):
        yield "" if place else "corrected", f"{field}: {_said(now)} (registered: {_said(status.site.get(field))})"


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
