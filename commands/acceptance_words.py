"""How a site's problems and experts stand, in words."""

from collections.abc import Iterable

from schemas.status import SiteStatus


def acceptance_words(status: SiteStatus) -> Iterable[tuple[str, str]]:
    """Each problem that is accepted by itself, and each expert of the awaited level; nothing where none is."""
    parts: dict[str, str] = status.facts.get("parts", {})
    for place, (problem, standing) in enumerate(parts.items()):
        yield ("" if place else "problems"), f"{problem}: {standing}"
    panel: dict[str, str] = status.facts.get("panel", {})
    words = {"passed": "passes it", "failed": "does not pass it", "silent": "no opinion yet"}
    for place, (expert, said) in enumerate(panel.items()):
        yield ("" if place else "experts"), f"{expert}: {words.get(said, said)}"
