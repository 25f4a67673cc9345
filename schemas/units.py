"""By which names the units of a subject speak; who may say what is in `rules.authority`."""

from schemas.base import Kept


class Units(Kept):
    """Names and codes, each relation for itself; a unit that is in none of them is a stranger.

    `province`: the province and its agencies. `city`: its code, name, government and bureaus. `county`: the site's.
    """

    province: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    county: tuple[str, ...] = ()
