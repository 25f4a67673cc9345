"""Computes the figures of the runs: the object on the last line of the output, and the goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.life import MESSAGES
from bench.options import PLAIN, Option
from bench.variants import Run

GOALS: Mapping[str, tuple[str, float]] = {
    "ratio_skeleton": (">=", 0.9),
    "ratio_skeleton_updates": (">=", 0.9),
    "ratio_naive": (">=", 2.0),
    "ratio_dbos": (">=", 4.0),
    "history_ratio": ("<=", 1.5),
    "history_ratio_updates": ("<=", 1.5),
    "billable_actions_engine_signals": ("<=", 12.0 + MESSAGES),
    "billable_actions_engine_updates": ("<=", 12.0 + MESSAGES),
    "ratio_opening": (">=", 0.9),
}
"""The goals; a missed one is reported, it is not an error."""


@dataclass(frozen=True)
class Others:
    """What is measured besides the site lives."""

    opened_per_second: float
    raw_starts_per_second: float
    commands_per_second: dict[str, float]
    worker_mb_per_1000: float


def figures_of(runs: Mapping[str, Sequence[Run]], others: Others) -> dict[str, Any]:
    """All figures. The rate of a variant is all its sites over all its seconds."""
    rate = {
        name: round(sum(run.sites for run in taken) / sum(run.spent.ended for run in taken), 2)
        for name, taken in runs.items()
    }
    costs = {name: taken[-1].cost for name, taken in runs.items()}
    events = {name: round(cost[0], 1) for name, cost in costs.items() if cost is not None}
    actions = {name: round(cost[1], 1) for name, cost in costs.items() if cost is not None}
    figures: dict[str, Any] = {
        "sites_per_second": rate,
        "ratio_skeleton": _ratio(rate["engine_signals"], rate["skeleton_signals"]),
        "ratio_skeleton_updates": _ratio(rate["engine_updates"], rate["skeleton_updates"]),
        "ratio_naive": _ratio(rate["engine_signals"], rate["naive"]),
        "ratio_dbos": _ratio(rate["engine_signals"], rate["dbos"]),
        "history_events": events,
        "history_ratio": _ratio(events["engine_signals"], events["skeleton_signals"]),
        "history_ratio_updates": _ratio(events["engine_updates"], events["skeleton_updates"]),
        "billable_actions": actions,
        "messages_per_site": MESSAGES,
        "worker_mb_per_1000_open_sites": round(others.worker_mb_per_1000, 1),
        "opened_per_second": round(others.opened_per_second, 1),
        "raw_starts_per_second": round(others.raw_starts_per_second, 1),
        "ratio_opening": _ratio(others.opened_per_second, others.raw_starts_per_second),
        "commands_per_second_one_site": {name: round(value, 1) for name, value in others.commands_per_second.items()},
    }
    figures["goals"] = goals_of(figures)
    return figures


def figures_of_options(runs: Mapping[Option, Sequence[Run]]) -> dict[str, dict[str, Any]]:
    """The cost of a site under each option; `ratio_plain_messages` compares messages a second with the plain life.

    A site's start counts as a message of its own there, for it is a workflow task as well.
    """
    sites = {option: sum(run.sites for run in taken) for option, taken in runs.items()}
    rate = {option: sites[option] / sum(run.spent.ended for run in taken) for option, taken in runs.items()}
    found: dict[str, dict[str, Any]] = {}
    for option, taken in runs.items():
        assert taken[-1].cost is not None  # runs of the engine have a cost
        events, actions, _ = taken[-1].cost
        found[option.name] = {
            "messages": len(option.life),
            "history_events": round(events, 1),
            "billable_actions": round(actions, 1),
            "input_bytes": taken[-1].input_bytes,
            "worker_cpu_ms": round(1000 * sum(run.cpu["worker"] for run in taken) / sites[option], 1),
            "sites_per_second": round(rate[option], 2),
            "ratio_plain_messages": _ratio(rate[option] * (1 + len(option.life)), rate[PLAIN] * (1 + MESSAGES)),
        }
    return found


def goals_of(figures: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each goal with the measured value and whether it was met."""
    found = dict(figures)
    for mode in ("engine_signals", "engine_updates"):
        found[f"billable_actions_{mode}"] = figures["billable_actions"][mode]
    return {
        name: {
            "goal": f"{sign} {bound:g}",
            "measured": found[name],
            "met": found[name] >= bound if sign == ">=" else found[name] <= bound,
        }
        for name, (sign, bound) in GOALS.items()
    }


def _ratio(one: float, other: float) -> float:
    return round(one / other, 3)
