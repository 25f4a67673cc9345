"""The stepped clock of a rehearsal: it moves to the next due instant when the engine has finished the one before.

It runs the same instants in the same order on the real engine as the simulator does on the rules. At each instant it
steps the due workflow, or sends the due action, and waits until all effects are performed. Sites do not depend on each
other, so between two instants of cities, campaign and spot checks they are stepped concurrently.
"""

import asyncio
import heapq
import itertools
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from rules.calendar import local_date
from rules.city.options.counties.opening import opens_with
from schemas.errors import HundredDaysError
from schemas.options.surveys import PlannedSurvey
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.stepping import Touched
from schemas.streams import campaign_stream, city_stream, site_stream, spot_check_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus
from simulation.people.everybody import People
from simulation.people.register import Register
from simulation.rehearsal.database import NewDocuments
from simulation.rehearsal.pace import StepPace
from simulation.rehearsal.pulse import Tally
from simulation.rehearsal.step_sender import StepSender, stepped_of
from storage.connections import Pool
from storage.ledger import last_seqs

_SITE, _PERSON, _CITY, _CAMPAIGN, _CHECK = range(5)
"""Order at one instant (as in simulation.forecast.simulator): sites, people, then those that gather from both."""
_AT_ONCE = 24
"""Concurrent steps."""
_END_SECONDS = 30.0
"""Seconds in which a campaign with nothing due must end."""
_NEVER = (datetime.max.replace(tzinfo=UTC), 0)
_OF_ALL_CITIES = frozenset({"StartCities", "AmendCities", "StopCities"})
_OF_MANY_SITES = frozenset({"SettleSites", "AmendSites", "NotifySites", "TellSites"})
"""Effects that concern all running sites of a city, where they name none."""


class _Due(NamedTuple):
    """A due action or wake, ordered by time; a wake has no action."""

    at: datetime
    rank: int
    key: str
    order: int
    stream: str
    action: Action | None

    @property
    def concerns_one_site(self) -> bool:
        """Whether its workflow is a site."""
        return self.stream.startswith("site/")


class Stepper:
    """Steps one campaign from its start to its end."""

    def __init__(
        self,
        pool: Pool,
        people: People,
        sender: StepSender,
        pace: StepPace,
        documents: NewDocuments,
        frozen: FrozenPlan,
        sites: Sequence[Site],
        surveys: Sequence[PlannedSurvey],
    ) -> None:
        self._pool = pool
        self._people = people
        self._sender = sender
        self._pace = pace
        self._documents = documents
        self._calendar = frozen.calendar
        self._id = frozen.plan.id
        self._cities = [city_stream(self._id, city.code) for city in frozen.plan.cities]
        self._sites_of: dict[str, list[Site]] = defaultdict(list)
        """City's stream to its sites, those of later surveys included."""
        for site in Register.all_sites(sites, surveys):
            self._sites_of[city_stream(self._id, site.city)].append(site)
        self._heap: list[_Due] = []
        self._count = itertools.count()
        self._wakes: dict[str, datetime] = {}
        """Stream to its next wake; any other wake of it in the heap is out of date."""
        self._seqs: dict[str, int] = {}
        """Running stream to the number of its last known ledger entry."""
        self._queues: dict[str, list[_Due]] = {}
        """Site's stream to its due actions and wakes, while sites are stepped concurrently."""
        self._until: tuple[datetime, int] | None = None
        """Instant and rank up to which (exclusive) sites are stepped concurrently; None if they are not."""
        self._touched: set[str] = set()
        """Streams that an effect concerned and that were not stepped since."""
        self._day: date | None = None
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self.tally = Tally()

    async def run(self, started_at: datetime) -> None:
        """Step from the start of the campaign until the task is cancelled, when it has closed.

        Raises:
            Unreachable: the engine does not answer.
            HundredDaysError: nothing is due any more and the campaign does not end.
        """
        self._schedule_wake(campaign_stream(self._id), started_at)
        while (due := self._next()) is not None:
            await self._pace.until(due.at)
            await self._find_other_entries(due.at)
            if due.concerns_one_site:
                await self._sites_until(self._next_shared(due))
            else:
                await self._shared(due)
        await asyncio.sleep(_END_SECONDS)
        raise HundredDaysError(f"campaign {self._id} has nothing due any more, and does not end")

    # -- what is due -----------------------------------------------------------------------------------------------

    def _next(self) -> _Due | None:
        """The next due action or wake; out-of-date wakes are dropped."""
        while self._heap:
            if not self._outdated(self._heap[0]):
                return self._heap[0]
            heapq.heappop(self._heap)
        return None

    def _outdated(self, due: _Due) -> bool:
        return due.action is None and self._wakes.get(due.stream) != due.at

    def _next_shared(self, first: _Due) -> tuple[datetime, int]:
        """Instant and rank up to which sites may be stepped, from `first`: before the next that is not of a site."""
        shared = ((due.at, due.rank) for due in self._heap if not due.concerns_one_site and not self._outdated(due))
        return max(min(shared, default=_NEVER), (first.at, first.rank + 1))

    def _schedule_wake(self, stream: str, at: datetime | None) -> None:
        if at is None:
            self._wakes.pop(stream, None)
        elif self._wakes.get(stream) != at:
            self._wakes[stream] = at
            self._push(_Due(at, _rank(stream), stream, next(self._count), stream, None))

    def _schedule(self, actions: Iterable[Action]) -> None:
        for action in actions:
            key = action.command.command_id
            self._push(_Due(action.sent_at, _PERSON, key, next(self._count), action.stream, action))

    def _push(self, due: _Due) -> None:
        queue = self._queues.get(due.stream)
        if queue is not None and self._until is not None and (due.at, due.rank) < self._until:
            heapq.heappush(queue, due)
            return
        heapq.heappush(self._heap, due)
        if self._until is not None and not due.concerns_one_site:
            self._until = min(self._until, (due.at, due.rank))

    # -- sites, concurrently --------------------------------------------------------------------------------------

    async def _sites_until(self, until: tuple[datetime, int]) -> None:
        """Run all that is due at sites before `until`, with what follows from it there."""
        self._until = until
        kept = []
        for due in self._heap:
            if due.concerns_one_site and (due.at, due.rank) < until:
                self._queues.setdefault(due.stream, []).append(due)
            else:
                kept.append(due)
        heapq.heapify(kept)
        self._heap = kept
        async with asyncio.TaskGroup() as tasks:
            for queue in self._queues.values():
                heapq.heapify(queue)
                tasks.create_task(self._run_queue(queue))
        self._until, self._queues = None, {}

    async def _run_queue(self, queue: list[_Due]) -> None:
        while queue:
            due = heapq.heappop(queue)
            if self._until is not None and (due.at, due.rank) >= self._until:
                heapq.heappush(self._heap, due)
            elif not self._outdated(due):
                await self._pace.until(due.at)
                async with self._slots:
                    await self._perform(due)

    # -- cities, campaign, spot checks -----------------------------------------------------------------------------

    async def _shared(self, first: _Due) -> None:
        """Run all of this instant and rank, then the streams it concerned, and plan the actions on new documents."""
        now, together = (first.at, first.rank), list[_Due]()
        while (due := self._next()) is not None and (due.at, due.rank) == now and not due.concerns_one_site:
            if any(other.stream == due.stream for other in together):
                break
            together.append(heapq.heappop(self._heap))
        await self._each([self._perform(due) for due in together])
        await self._follow_up(first.at)
        for document in await self._documents.read_new():
            self._schedule(self._people.on_document(document))

    async def _follow_up(self, at: datetime) -> None:
        """Step the streams that effects concerned, until none is left: their deadlines may have moved closer."""
        while self._touched:
            streams, self._touched = sorted(self._touched), set()
            await self._each([self._step(stream, at) for stream in streams])

    async def _each(self, steps: Sequence[Coroutine[Any, Any, None]]) -> None:
        async def one(step: Coroutine[Any, Any, None]) -> None:
            async with self._slots:
                await step

        async with asyncio.TaskGroup() as tasks:
            for step in steps:
                tasks.create_task(one(step))

    async def _find_other_entries(self, at: datetime) -> None:
        """Once a day, step each stream with new entries: a command of another terminal may have moved its deadlines."""
        day = local_date(self._calendar, at)
        if day == self._day:
            return
        self._day = day
        found = await last_seqs(self._pool, self._id)
        self._touched.update(stream for stream, seq in self._seqs.items() if found.get(stream, 0) > seq)
        await self._follow_up(at)

    # -- one step --------------------------------------------------------------------------------------------------

    async def _perform(self, due: _Due) -> None:
        action = due.action
        if action is None:
            self._wakes.pop(due.stream, None)
            await self._step(due.stream, due.at)
            return
        self.tally.waiting += 1
        reply = await self._sender.send(action)
        self._count_reply(reply)
        self._note_step(action.stream, reply)
        if action.waits:
            self._schedule(self._people.on_reply(action, reply))

    async def _step(self, stream: str, at: datetime) -> None:
        self._note_step(stream, await self._sender.step(stream, at))

    def _note_step(self, stream: str, reply: Reply) -> None:
        """Take over what a workflow said of itself; a refused command has changed nothing."""
        stepped = stepped_of(reply)
        if stepped is not None:
            self._seqs[stream] = stepped.seq
            self._schedule_wake(stream, stepped.next_due)
            for effect in stepped.touched:
                self._touched.update(self._concerned(stream, effect))
        elif reply.status is ReplyStatus.GONE:
            self._seqs.pop(stream, None)
            self._wakes.pop(stream, None)

    def _concerned(self, stream: str, effect: Touched) -> Iterable[str]:
        """The streams that an effect of this stream concerns."""
        if effect.effect in _OF_ALL_CITIES:
            return self._cities
        if effect.effect == "NotifyCampaign":
            return (campaign_stream(self._id),)
        if effect.effect == "StartSpotCheck" and effect.check is not None:
            return (spot_check_stream(self._id, effect.check),)
        if effect.effect == "OpenSites":
            return self._streams(site.id for site in self._sites_of[stream] if opens_with(site, effect))
        if effect.sites:
            return self._streams(effect.sites)
        if effect.effect in _OF_MANY_SITES:
            return [one for one in self._streams(site.id for site in self._sites_of[stream]) if one in self._seqs]
        return ()

    def _streams(self, sites: Iterable[str]) -> Iterable[str]:
        return [site_stream(self._id, site) for site in sites]

    def _count_reply(self, reply: Reply) -> None:
        tally = self.tally
        tally.sent += 1
        tally.waiting -= 1
        tally.taken += reply.status is ReplyStatus.ACCEPTED
        tally.turned_down += reply.status is ReplyStatus.REFUSED
        tally.gone += reply.status is ReplyStatus.GONE
        tally.waited_seconds = self._pace.waited_seconds


def _rank(stream: str) -> int:
    return {"site": _SITE, "city": _CITY, "campaign": _CAMPAIGN, "spot-check": _CHECK}[stream.partition("/")[0]]
