"""Who worked at a site and who judged it, by ledger entries alone: what the rules of independence promise."""

import json
from collections.abc import Callable, Iterable, Mapping

from schemas.ledger import LedgerEntry


def hands_of_one_unit(
    entries: Iterable[LedgerEntry], exempt: Iterable[str] = (), office: Callable[[str], str] = str
) -> list[str]:
    """What was judged by a unit that worked, or that judged another level of the round; `exempt`: levels that may be.

    `office` gives the one name of an office: a city's code and name are one.
    """
    worked: set[str] = set()
    judged: dict[str, str] = {}
    found = []
    for entry in entries:
        data, unit = json.loads(entry.data), office(json.loads(entry.actor)["unit"])
        match entry.kind:
            case "task_reported":
                worked.add(unit)
            case "verification_requested":
                judged = {}
            case "level_passed" | "closed" if data["level"] not in exempt:
                if unit in worked:
                    found.append(f"{entry.stream}: {unit} worked and judged {data['level']}")
                if unit in judged.values():
                    found.append(f"{entry.stream}: {unit} judged {data['level']} and another level")
                judged[data["level"]] = unit
    return found


def looked_after_by_workers(
    ledger: Mapping[str, Iterable[LedgerEntry]], office: Callable[[str], str] = str
) -> tuple[list[str], int]:
    """Look-backs and inspections by a unit that reported work at the site before; and how many there were at all."""
    entries = sorted((one for stream in ledger.values() for one in stream), key=lambda one: (one.received_at, one.seq))
    worked: dict[str, set[str]] = {}
    found, all_of_them = [], 0
    for entry in entries:
        data, unit = json.loads(entry.data), office(json.loads(entry.actor)["unit"])
        if entry.kind == "task_reported":
            worked.setdefault(entry.stream.rpartition("/")[2], set()).add(unit)
        elif entry.kind in ("looked_back", "site_inspected", "inspected"):
            all_of_them += 1
            if unit in worked.get(data["site"], ()):
                found.append(f"{entry.kind} of {data['site']} by {unit}, which worked there")
    return found, all_of_them
