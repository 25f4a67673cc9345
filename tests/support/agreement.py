"""The strongest test: the same people write the same ledger in the simulator and on the real engine.

The clock of a rehearsal steps: it waits for the engine, so that nothing is late on a busy machine. Tests of timers
of the server use a compressed clock instead. For these the limits below say how late
an engine may be before a different order of events is no defect.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client

from rules.calendar import local_date
from rules.terms.plan import ends_at
from runtime.embedded.servers import EmbeddedServers
from runtime.real_time import real_now
from runtime.settings import Settings
from schemas.documents.document import DocumentState
from schemas.ledger import DocumentDraft, LedgerEntry
from schemas.options.surveys import PlannedSurvey
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.status import SiteStatus
from schemas.streams import campaign_stream, city_stream, site_stream
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from simulation.rehearsal.campaign import RehearsalResult, compressed_clock, rehearse, stepped_clock
from simulation.rehearsal.worker_process import worker_process
from storage.connections import Pool
from storage.document_file import DocumentFileEntry, read_document_file
from storage.ledger import read_stream, verify
from storage.pool import open_pool
from storage.status import site_status
from tests.support.databases import migrated_database

PUNCTUAL = timedelta(hours=6)
"""Dispatches and deadlines are further apart than this, so that a shorter delay does not change their order."""
BEFORE_THE_NEXT = timedelta(minutes=30)
"""Distance of actions on one site on the same day (simulation.behaviour.office_hours): a site that is struck off half
an hour after its city's reply is notified of the hold only if the engine is no later than this."""
BY_THE_CLOCK = {
    "reminded": PUNCTUAL,
    "climbed": PUNCTUAL,
    "rung_issued": BEFORE_THE_NEXT,
    "rung_withdrawn": BEFORE_THE_NEXT,
    "climb_held": BEFORE_THE_NEXT,
    "briefing_frozen": PUNCTUAL,
    "signing_overdue": PUNCTUAL,
    "approval_overdue": PUNCTUAL,
    "document_uncountersigned": PUNCTUAL,
    "plan_unsigned": PUNCTUAL,
    "reply_overdue": PUNCTUAL,
    "acceptance_overdue": PUNCTUAL,
    "extension_undecided": PUNCTUAL,
    "case_overdue": PUNCTUAL,
    "sample_drawn": PUNCTUAL,
    "sample_taken": PUNCTUAL,
    "site_inspected": PUNCTUAL,
    "sample_enlarged": PUNCTUAL,
    "batch_returned": PUNCTUAL,
    "reopened": PUNCTUAL,
    "dispatched": PUNCTUAL,
    "opened": 2 * PUNCTUAL,
    "sites_opened": 2 * PUNCTUAL,
}
"""Kinds of entries with a known instant, which show how late the engine was. Nobody acts on an opened site before the
next working day."""

_NUMBER = re.compile(r"No\. \d+|\d+号")
OF_RECEIPT = {"opened", "sites_opened", "plan_issued", "plan_received"}
"""Kinds of entries that happen when the engine hears of what allows them; `BY_THE_CLOCK` bounds how late that is."""
OF_THE_END = {"closure", "carry_over", "closing_report"}
ISSUED = {
    DocumentState.ISSUED,
    DocumentState.SENT,
    DocumentState.RECEIPTED,
    DocumentState.REPLIED,
    DocumentState.LIFTED,
}


@dataclass
class Both:
    """One campaign, forecast and rehearsed."""

    frozen: FrozenPlan
    foreseen: Forecast
    result: RehearsalResult
    rows: dict[str, SiteStatus]
    entries: dict[str, list[LedgerEntry]]
    documents: list[DocumentFileEntry]
    stepped: bool

    def agrees(self) -> bool:
        """Whether engine and simulator agree."""
        return all(engine == simulator for engine, simulator in (compared(self) for compared in ALL))

    def delays(self) -> list[str]:
        """Delays of the engine or of the senders that may have changed the order of events."""
        sent = timedelta(hours=self.result.tally.worst_lag_hours)
        return ([f"a command was sent {sent} late"] if sent > BEFORE_THE_NEXT else []) + [
            f"{entry.stream}: {entry.kind} of {entry.at} was noticed {entry.received_at - entry.at} late"
            for stream in self.entries.values()
            for entry in stream
            if entry.at < ends_at(self.frozen)
            and entry.received_at - entry.at > BY_THE_CLOCK.get(entry.kind, timedelta.max)
        ]


async def agreed(
    embedded: EmbeddedServers,
    client: Client,
    plan: Callable[[str], FrozenPlan],
    register: Sequence[Site],
    people: Temperament,
    seed: int,
    surveys: Sequence[PlannedSurvey] = (),
    day_seconds: Sequence[float] = (),
) -> Both:
    """The campaign, rehearsed on a stepped clock, and forecast.

    With `day_seconds` the server's timers wake the engine, in days that are long enough for this machine as busy as it
    is: the test fails where even the longest were too short. `plan` makes the plan under the name of its run: experts
    are drawn by the campaign's id, so a run of that name has the same ones on every machine. What does not agree though
    nothing was late is returned for the tests to show.
    """
    for run_number, seconds in enumerate(day_seconds or (None,), 1):
        url = await migrated_database(embedded.postgres_url, f"rehearsal_{uuid4().hex[:12]}")
        pool = await open_pool(url)
        folder = Path(tempfile.mkdtemp(prefix="hundred-days-"))
        frozen = plan(f"run-{run_number}")
        try:
            run = await rehearsed(seconds, embedded, client, url, pool, folder, frozen, register, people, seed, surveys)
        finally:
            await pool.close()
            shutil.rmtree(folder)
        delays = run.delays()
        if seconds is None or run.agrees() or not delays:
            return run
    pytest.fail(f"this machine is too busy even for {seconds} s a day; {len(delays)} delays, such as {delays[:5]}")


async def rehearsed(
    day_seconds: float | None,
    embedded: EmbeddedServers,
    client: Client,
    url: str,
    pool: Pool,
    folder: Path,
    frozen: FrozenPlan,
    register: Sequence[Site],
    people: Temperament,
    seed: int,
    surveys: Sequence[PlannedSurvey],
) -> Both:
    """One rehearsal with a worker of its own, and its forecast; with `day_seconds` on the server's timers."""
    name = frozen.plan.id
    settings = Settings(task_queue=name, delivery_queue=f"{name}-delivery")
    async with worker_process(
        settings,
        temporal_address=embedded.temporal_address,
        postgres_url=url,
        outbox=folder / "outbox",
        log=folder / "worker.log",
    ):
        result = await rehearse(
            client,
            pool,
            frozen,
            register,
            stepped_clock(frozen) if day_seconds is None else compressed_clock(frozen, day_seconds, real_now()),
            people,
            seed,
            on_progress=lambda pulse: None,
            task_queue=name,
            surveys=surveys,
        )
    await verify(pool, name)
    foreseen = forecast(frozen, register, people, seed, keep_ledger=True, surveys=surveys)
    streams = [
        campaign_stream(name),
        *(city_stream(name, city.code) for city in frozen.plan.cities),
        *(site_stream(name, site_id) for site_id in foreseen.rows),
        *(stream for stream in foreseen.ledger if stream.startswith("spot-check/")),
    ]
    return Both(
        frozen,
        foreseen,
        result,
        {site_id: await site_status(pool, name, site_id, result.as_of) for site_id in foreseen.rows},
        {stream: await read_stream(pool, stream) for stream in streams},
        await read_document_file(pool, name),
        stepped=day_seconds is None,
    )


def sites(both: Both) -> tuple[Any, Any]:
    """The final state of every site: on the engine, in the simulator."""
    return (
        {site: end_of_site(row, both.stepped) for site, row in both.rows.items()},
        {site: end_of_site(row, both.stepped) for site, row in both.foreseen.rows.items()},
    )


def lives(both: Both) -> tuple[Any, Any]:
    """Every site's ledger."""
    streams = [site_stream(both.frozen.plan.id, site) for site in both.rows]
    return (
        {stream: story(both.entries[stream], both.stepped) for stream in streams},
        {stream: story(both.foreseen.ledger[stream], both.stepped) for stream in streams},
    )


def desks(both: Both) -> tuple[Any, Any]:
    """Every city's ledger, without the very last dispatch: how long the sites take to settle decides on its day."""
    ends = ends_at(both.frozen)
    streams = [city_stream(both.frozen.plan.id, city.code) for city in both.frozen.plan.cities]
    return (
        {stream: story(_until(both.entries[stream], ends), both.stepped) for stream in streams},
        {stream: story(_until(both.foreseen.ledger[stream], ends), both.stepped) for stream in streams},
    )


def spot_checks(both: Both) -> tuple[Any, Any]:
    """Every spot check's ledger: the same frame, the same sample, the same findings."""
    ends = ends_at(both.frozen)
    streams = [stream for stream in both.entries if stream.startswith("spot-check/")]
    return (
        {stream: story(_until(both.entries[stream], ends), both.stepped) for stream in streams},
        {stream: story(_until(both.foreseen.ledger[stream], ends), both.stepped) for stream in streams},
    )


def letters(both: Both) -> tuple[Any, Any]:
    """Every document of the campaign, and after its end what became of the sites: the others hang on the day."""
    return sorted(said_by(both, both.documents)), sorted(said_by(both, both.foreseen.documents))


def receipts(both: Both) -> tuple[Any, Any]:
    """When each entry of the campaign was received: by a clock that waits for the engine, nothing comes late.

    Nothing on the server's timers, where a receipt is as late as the machine is busy.
    """
    if not both.stepped:
        return {}, {}
    ends = ends_at(both.frozen)
    return (
        {stream: received(both.entries[stream], ends) for stream in both.entries},
        {stream: received(both.foreseen.ledger.get(stream, ()), ends) for stream in both.entries},
    )


def received(entries: Iterable[LedgerEntry], ends: datetime) -> list[tuple[datetime, datetime, str]]:
    """Instant, receipt and kind of the entries before the end, in order; a simulator has no ledger to anchor."""
    found = (entry for entry in entries if entry.at < ends and entry.kind != "anchored")
    return sorted((entry.at, entry.received_at, entry.kind) for entry in found)


def briefings(both: Both) -> tuple[Any, Any]:
    """The measures of every briefing, without `as_of`, which is a little later on the engine."""
    stream = campaign_stream(both.frozen.plan.id)
    return frozen_in(both.entries[stream]), frozen_in(both.foreseen.ledger[stream])


def frozen_in(entries: Iterable[LedgerEntry]) -> list[dict[str, Any]]:
    """The frozen briefings of the campaign's ledger."""
    found = [json.loads(entry.data)["briefing"] for entry in entries if entry.kind == "briefing_frozen"]
    return [{name: value for name, value in briefing.items() if name != "as_of"} for briefing in found]


def _until(entries: Iterable[LedgerEntry], ends: datetime) -> list[LedgerEntry]:
    return [entry for entry in entries if entry.at <= ends]


def end_of_site(row: Any, stepped: bool) -> dict[str, Any]:
    """The fields that a forecast's row and a status have in common."""
    names = (
        *("stage", "round", "level", "rung", "suspended", "due_at", "opened_at", "settled_at"),
        *("requirements", "requirements_done", "extensions", "suspensions"),
    )
    found = {name: getattr(row, name) for name in names}
    return found if stepped or row.opened_at is None else found | {"opened_at": row.opened_at.date()}


def story(entries: Iterable[LedgerEntry], stepped: bool) -> list[tuple[str, datetime | None, str, dict[str, Any]]]:
    """What happened, when, by whom, in the order of campaign time: news of a desk reach its sites some hours later.

    Receive times differ, and with them the hashes; refusals bear no other time, so they stand at the end, in the order
    of their content. Numbers are left out: cities race for them at one dispatch hour. On the server's timers an opening
    is as late as its approval was heard of.
    """
    told = [_told(entry, stepped) for entry in sorted(entries, key=lambda entry: entry.at)]
    refused = sorted((one for one in told if one[0] == "refused"), key=repr)
    return [*(one for one in told if one[0] != "refused"), *refused]


def _told(entry: LedgerEntry, stepped: bool) -> tuple[str, datetime | None, str, dict[str, Any]]:
    data = json.loads(entry.data)
    return (
        entry.kind,
        None if entry.kind == "refused" or (entry.kind in OF_RECEIPT and not stepped) else entry.at,
        entry.actor,
        {
            name: _NUMBER.sub("", value) if name == "reason" else value  # a refusal names the document it is about
            for name, value in data.items()
            if name != "number"
        },
    )


def said_by(
    both: Both, documents: Iterable[DocumentFileEntry | DocumentDraft]
) -> list[tuple[str, str, int, list[str], str]]:
    """City, kind, rung, sites and day."""
    ends, calendar = ends_at(both.frozen), both.frozen.calendar
    return [
        (
            document.city,
            document.kind,
            document.rung,
            sorted(document.sites),
            str(local_date(calendar, document.issued_at)) if document.issued_at < ends else "after the end",
        )
        for document in documents
        if document.issued_at < ends or document.kind in OF_THE_END
    ]


ALL = (sites, lives, desks, spot_checks, letters, briefings, receipts)
"""All comparisons of engine and simulator."""
