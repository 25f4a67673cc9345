"""A register repeated up to a size, to simulate a campaign of that size."""

from collections.abc import Sequence
from itertools import count, islice

from schemas.errors import InvalidInput
from schemas.register import Site


def repeated(sites: Sequence[Site], size: int) -> tuple[Site, ...]:
    """`size` sites: the register repeated, each further copy with `.2`, `.3` ... appended to its ids.

    InvalidInput if that is less than the register, or if an id would become too long.
    """
    if size < len(sites):
        raise InvalidInput(f"--sites {size}: the register has {len(sites)} sites already")
    copies = (_copy(site, number) for number in count(1) for site in sites)
    return tuple(islice(copies, size))


def _copy(site: Site, number: int) -> Site:
    if number == 1:
        return site
    name = f"{site.id}.{number}"
    if len(name) > 64:
        raise InvalidInput(f"--sites: the id {site.id} is too long to be repeated")
    return site.model_copy(update={"id": name})
