"""The suggested cities of a plan, as YAML to be pasted and as JSON."""

from collections.abc import Sequence

from commands.common.tables import print_json
from intake.register.suggested_cities import SuggestedCity, cities_block


def tell_cities(cities: Sequence[SuggestedCity], as_json: bool) -> None:
    """Print the block, or that there is nothing to add."""
    if as_json:
        print_json([{"code": city.code, "name": city.name, "counties": dict(city.counties)} for city in cities])
    elif cities:
        print(cities_block(cities))
    else:
        print("# the plan has every city of the register")
