"""The city's own documents that wait for the next dispatch: how they are added, continued and cancelled."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rules.city.state import CityNotice, CityState

Line = dict[str, Any]
"""One entry of a list in a notice's data; a notice of such lists tells all of them in one document."""


def put_notice(state: CityState, notice: CityNotice) -> None:
    """Add a notice. One without a key of its own replaces what waits under the same kind and rung for the same unit."""
    others = state.waiting
    if notice.key is None:
        others = [one for one in others if _place(one) != _place(notice)]
    state.waiting = [*others, notice]


def _place(notice: CityNotice) -> tuple[str, int, str | None]:
    return notice.kind, notice.rung, notice.county


def add_lines(
    state: CityState,
    kind: str,
    at: datetime,
    lines: Mapping[str, Sequence[Line]],
    *,
    rung: int = 0,
    county: str | None = None,
) -> None:
    """Append lines to the notice of this kind and rung that waits already, or add one."""
    known = next((one.data for one in state.waiting if _place(one) == (kind, rung, county)), {})
    data = {name: [*known.get(name, ()), *more] for name, more in lines.items()}
    put_notice(state, CityNotice(kind=kind, rung=rung, data=data, at=at, county=county))


def edit_lines(state: CityState, kind: str, name: str, edit: Callable[[Line], Line | None]) -> None:
    """Replace each line of the list `name` in the notices of this kind; None removes it.

    A notice of which no line is left is cancelled: what was done before its delay was told is not told any more.
    """
    kept = []
    for notice in state.waiting:
        if notice.kind == kind:
            lines = [edited for line in notice.data[name] if (edited := edit(line)) is not None]
            data = {**notice.data, name: lines}
            if not any(data.values()):
                continue
            notice = notice.model_copy(update={"data": data})
        kept.append(notice)
    state.waiting = kept


def cancel_notices(state: CityState, cancelled: Callable[[CityNotice], bool]) -> None:
    """Remove the notices that this says of."""
    state.waiting = [notice for notice in state.waiting if not cancelled(notice)]
