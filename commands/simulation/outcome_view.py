"""What a forecast or a rehearsal came to (simulation.outcome.sections), as tables for people and as JSON."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from commands.common.tables import table
from simulation.outcome.sections import Outcome, sections


def outcome_tables(outcome: Outcome) -> Iterator[RenderableType]:
    """Each section with its title."""
    for section in sections(outcome):
        if section.rows:
            yield Text()
            yield Text(section.title, style="bold")
            yield table(section.heads, section.rows, right=section.right)


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """The data of each section by its name."""
    return {section.name: section.data for section in sections(outcome)}
