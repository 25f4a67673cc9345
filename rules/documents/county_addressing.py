"""To whom documents go that are addressed to a county or a township, and those that tell of its silence.

A document on a silence goes to the level that is its rung (`schemas.options.counties.Told`).
"""

from schemas.offices import AddresseeLevel, City, County, Recipient, Township
from schemas.options.counties import Told

COUNTY_SILENCES = frozenset(
    {"county_receipt_overdue", "county_deployment_overdue", "county_decision_overdue", "call_overdue"}
)
"""Documents on what a county, a township, a unit above it or a department owes; nobody signs for them."""

_CITY_LEVELS = {Told.CITY: AddresseeLevel.GOVERNMENT, Told.CITY_HEAD: AddresseeLevel.HEAD}


def county_of_key(city: City, key: str) -> tuple[County | None, Township | None]:
    """The county of `360429`, or the county and the township of `360429/01`; None for what the plan does not name."""
    code, _, rest = key.partition("/")
    county = next((one for one in city.counties if one.code == code), None)
    if county is None or not rest:
        return county, None
    return county, next((one for one in county.townships if one.code == rest), None)


def at_county_level(county: County, level: AddresseeLevel) -> tuple[Recipient, ...]:
    """The recipients at a level of a county; the government replaces an office that the plan does not name."""
    match level:
        case AddresseeLevel.BUREAUS:
            return county.recipients or at_county_level(county, AddresseeLevel.GOVERNMENT)
        case AddresseeLevel.GOVERNMENT:
            return (county.government or Recipient(name=county.name),)
        case AddresseeLevel.DEPUTY_HEAD:
            return (county.deputy_head,) if county.deputy_head else at_county_level(county, AddresseeLevel.GOVERNMENT)
        case AddresseeLevel.HEAD:
            return (county.head,) if county.head else at_county_level(county, AddresseeLevel.DEPUTY_HEAD)


def office_of(township: Township) -> Recipient:
    """The government of a township."""
    return township.office or Recipient(name=township.name)


def level_told(told: Told) -> AddresseeLevel:
    """The level of the city, or of the county below it, that is told."""
    if told in (Told.COUNTY, Told.COUNTY_HEAD):
        return AddresseeLevel.GOVERNMENT if told is Told.COUNTY else AddresseeLevel.HEAD
    return _CITY_LEVELS.get(told, AddresseeLevel.GOVERNMENT)


def recipients_below(city: City, key: str, level: AddresseeLevel) -> tuple[tuple[str, ...], tuple[Recipient, ...]]:
    """The addressee's name and the recipients at a level of the county of this key, or of its township."""
    county, township = county_of_key(city, key)
    if township is not None:
        office = office_of(township)
        return tuple(dict.fromkeys((township.name, office.name))), (office,)
    if county is None:  # an amendment has removed it
        return (key,), (Recipient(name=key),)
    found = at_county_level(county, level)
    names = tuple(one.name for one in found)
    return (county.name, *names) if level is AddresseeLevel.BUREAUS else names, found
