"""The options of a site, in the order in which the core calls them.

The order is behaviour. Events of the core pass the filters from first to last: sign-off replaces a closure, then the
police track. Of deadlines at one instant the first option's is earlier.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from rules.site.options.acceptance.option import AcceptanceOption
from rules.site.options.extensions import ExtensionsOption
from rules.site.options.modes import ModesOption
from rules.site.options.police import PoliceOption
from rules.site.options.protocol import SiteOption
from rules.site.options.sign_off import SignOffOption
from schemas.options.registry import OPTIONS
from schemas.permits import PERMITS
from schemas.site.events import SITE_EVENTS


class SiteOptions:
    """The options, iterable in their order."""

    def __init__(self, *options: SiteOption) -> None:
        self._options = options

    def __iter__(self) -> Iterator[SiteOption]:
        return iter(self._options)

    def split_at_owner(self, kind: str) -> tuple[SiteOption | None, tuple[SiteOption, ...]]:
        """The option that a command belongs to, and those that filter its events; None and all for the core's."""
        for position, option in enumerate(self._options, 1):
            if kind in option.data.commands:
                return option, self._options[position:]
        return None, self._options

    def register(self, option: SiteOption) -> None:
        """Add an option that is not part of the tree, as the last one, for as long as the process runs.

        Every process that reads or writes a site's ledger has to do so before it starts.

        Raises:
            ValueError: its name, or one of its commands or events, is taken.
        """
        taken = [name for name in option.data.commands if name in PERMITS]
        taken += [kind for kind in option.data.event_kinds() if kind in SITE_EVENTS]
        if taken:
            raise ValueError(f"option {option.data.name}: {', '.join(taken)} is known already")
        OPTIONS.register(option.data)
        self._options = (*self._options, option)

    @contextmanager
    def registered(self, option: SiteOption) -> Iterator[None]:
        """The same within a context only."""
        self.register(option)
        try:
            yield
        finally:
            self._options = tuple(known for known in self._options if known is not option)
            OPTIONS.unregister(option.data)


SITE_OPTIONS = SiteOptions(ModesOption(), AcceptanceOption(), SignOffOption(), ExtensionsOption(), PoliceOption())
