"""The commands about a site's modes and its money, each to its rule."""

from collections.abc import Iterator

from rules.bookings import booked
from rules.modes import decided, set_mode
from rules.site_state import SiteState
from schemas.event import Event
from schemas.mode_commands import Book, DecideMode, SetMode
from schemas.terms import SiteTerms


def on_modes(terms: SiteTerms, state: SiteState, command: SetMode | DecideMode | Book) -> Iterator[Event]:
    """What follows; raises Refused as the rules do."""
    match command:
        case SetMode():
            yield from set_mode(terms, state, command)
        case DecideMode():
            yield from decided(terms, state, command)
        case Book():
            yield booked(terms, state, command)
