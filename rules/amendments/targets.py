"""The re-split of targets by an amendment: the target of every unit before and after it."""

from collections.abc import Iterator

from schemas.options.targets import TargetMove
from schemas.targets import Targets, UnitTarget


def target_moves(before: Targets | None, after: Targets | None) -> Iterator[TargetMove]:
    """Every unit of either split with both its targets, also where they are equal; nothing if the split is the same.

    Units of the new split come first, in its order.
    """
    if before == after:
        return
    olds, news = ({_unit(one): one.target for one in targets.units()} if targets else {} for targets in (before, after))
    for unit in dict.fromkeys((*news, *olds)):
        city, county, township = unit
        yield TargetMove(city=city, county=county, township=township, before=olds.get(unit), after=news.get(unit))


def _unit(one: UnitTarget) -> tuple[str, str, str]:
    return one.city, one.county, one.township
