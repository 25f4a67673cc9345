"""By which names the units of a subject speak; who may say what is in `rules.authority`."""

from schemas.base import Kept


class Units(Kept):
    """Names and codes, each relation for itself; a unit that is in none of them is a stranger.

    `province`: the province and its agencies; `supervision`: those, and the supervision groups that the plan names.
    `city`: its code, name, government and bureaus. `county`: the site's. `enterprise` builds the site, each
    `department` signs it off; both are empty where the register names none.
    """

    province: tuple[str, ...] = ()
    supervision: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    county: tuple[str, ...] = ()
    enterprise: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    police: tuple[str, ...] = ()
    """Of a site that has a case: its bureau, and the agency that leads the police track."""
    other_county: tuple[str, ...] = ()
    """Of a site that is checked on the spot: every county but its own."""
