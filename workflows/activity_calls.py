"""Calls of activities; their time-outs and retry policies are named in `activity_options`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow

from rules.effects import NumberDocuments, ReopenSites
from schemas.base import StoredModel
from schemas.reopening import ReopenOrder
from schemas.work import NumberOrder, NumberWanted
from workflows import activity_options as options

Report = TypeVar("Report", bound=StoredModel)


async def quick(activity: str, order: StoredModel, report: type[Report]) -> Report:
    """Execute a short activity on Postgres, with unlimited retries."""
    answer: Report = await workflow.execute_activity(
        activity,
        order,
        result_type=report,
        start_to_close_timeout=options.ATTEMPT,
        retry_policy=options.FOR_EVER,
    )
    return answer


async def paged(activity: str, order: StoredModel, report: type[Report], *, at_most: timedelta | None = None) -> Report:
    """Execute an activity over the sites of a city: it heartbeats its page, and a retry continues there.

    Raises:
        ActivityError: it did not succeed within `at_most`, if that is given.
    """
    answer: Report = await workflow.execute_activity(
        activity,
        order,
        result_type=report,
        start_to_close_timeout=options.PAGED_ATTEMPT,
        schedule_to_close_timeout=at_most,
        heartbeat_timeout=options.PAGED_HEARTBEAT,
        retry_policy=options.FOR_EVER,
    )
    return answer


def number_order(campaign_id: str, effect: NumberDocuments) -> NumberOrder:
    """The input of the activity `number_documents`."""
    wanted = tuple(NumberWanted(key=key, series=series) for key, series in effect.wanted)
    return NumberOrder(campaign_id=campaign_id, at=effect.at, year=effect.year, wanted=wanted)


def reopen_order(runs: Mapping[str, Any], effect: ReopenSites) -> ReopenOrder:
    """The input of the activity `reopen_sites`; `runs` has campaign, clock, task queue and, for a city, its code."""
    return ReopenOrder(
        campaign_id=runs["campaign_id"],
        at=effect.at,
        cause=effect.cause,
        origin=effect.origin,
        sites=effect.sites,
        city=runs.get("city"),
        again=effect.again,
        clock=runs["clock"],
        task_queue=runs["task_queue"],
    )
