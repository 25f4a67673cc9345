"""The options of a site, in the order in which the core calls them.

The order is behaviour. Events of the core pass the filters from first to last: sign-off replaces a closure, then the
police track. Of deadlines at one instant the first option's is earlier.
"""

from rules.option_rules import OptionRules
from rules.site.options.acceptance.option import AcceptanceOption
from rules.site.options.bookings import BookingsOption
from rules.site.options.builders import BuilderOption
from rules.site.options.extensions import ExtensionsOption
from rules.site.options.grading import GradingOption
from rules.site.options.modes import ModesOption
from rules.site.options.police import PoliceOption
from rules.site.options.protocol import SiteOption
from rules.site.options.responsible import ResponsibleOption
from rules.site.options.sign_off import SignOffOption


class SiteOptions(OptionRules[SiteOption]):
    """The options of a site; those after the owner of a command filter its events."""

    def split_at_owner(self, kind: str) -> tuple[SiteOption | None, tuple[SiteOption, ...]]:
        """The option that a command belongs to, and those that filter its events; None and all for the core's."""
        for position, option in enumerate(self._options, 1):
            if kind in option.data.commands:
                return option, self._options[position:]
        return None, self._options


SITE_OPTIONS = SiteOptions(
    ModesOption(),
    BookingsOption(),
    AcceptanceOption(),
    SignOffOption(),
    ExtensionsOption(),
    PoliceOption(),
    ResponsibleOption(),
    BuilderOption(),
    GradingOption(),
)
