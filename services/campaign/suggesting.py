"""Suggests the cities of a plan from its register, before the plan has any."""

from pathlib import Path

from intake.files.faults import Fault, FaultList
from intake.files.grid import TablePlace
from intake.files.sheets import ANYWHERE
from intake.files.yaml_text import read_yaml
from intake.register.mapping import read_mapping
from intake.register.register_file import read_divisions
from intake.register.suggested_cities import SuggestedCity, suggested_cities
from services.common.feedback import FaultsFound
from services.common.text import counted


def cities_of_register(
    plan: Path, register: Path, map_: Path | None, place: TablePlace = ANYWHERE
) -> list[SuggestedCity]:
    """The cities of the register that the plan does not have; the plan may be unfinished otherwise.

    FaultsFound if a file can not be read; NotFound for a missing one.
    """
    text, mapping, faults = read_yaml(plan), None, list[Fault]()
    if map_ is not None:
        mapping, faults = read_mapping(map_)
    places, of_register = read_divisions(register, mapping, place) if not faults else ([], [])
    if wrong := [*text.faults, *faults, *of_register]:
        raise FaultsFound(FaultList.of(wrong), f"{counted(len(wrong), 'fault')}; nothing can be suggested")
    tree = text.tree if isinstance(text.tree, dict) else {}
    cities = [city for city in tree.get("cities") or () if isinstance(city, dict)]
    known = {str(city.get(name)) for city in cities for name in ("code", "name")}
    return suggested_cities(places, tree.get("division_codes", "gbt2260") == "gbt2260", known)
