"""The clock of a rehearsal that waits for the engine: it moves to the next instant at which something is due.

It does with the real engine what the simulator does with the rules: the same instants in the same order. At each one
it steps the workflow that is due, or sends what somebody does, and goes on when that has been carried out. Sites know
nothing of each other, so between two instants of cities, campaign and spot checks each goes at its own speed.
"""

import asyncio
import heapq
import itertools
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from rules.calendar import local_date
from schemas.errors import HundredDaysError
from schemas.options.surveys import PlannedSurvey
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.stepping import Stepped, Touched
from schemas.streams import campaign_stream, city_stream, site_stream, spot_check_stream
from simulation.behaviour.actions import Action, MessageHandlers, Reply
from simulation.people.everybody import People
from simulation.people.register import Register
from simulation.rehearsal.notice_board import NoticeBoard
from simulation.rehearsal.pace import ChannelUsage
from simulation.rehearsal.pulse import Tally
from simulation.rehearsal.step_sender import StepSender
from storage.connections import Pool
from storage.ledger import last_seqs

_SITE, _PERSON, _CITY, _BOARD, _CHECK = range(5)
"""At one instant sites come before people, and who gathers from them comes after (simulation.forecast.simulator)."""
_AT_ONCE = 24
"""Steps under way at once."""
_END_SECONDS = 30.0
"""How long a campaign that has nothing due any more may take to end."""
_NEVER = (datetime.max.replace(tzinfo=UTC), 0)
_OF_ALL_CITIES = frozenset({"StartCities", "AmendCities", "StopCities"})
_OF_MANY_SITES = frozenset({"SettleSites", "AmendSites", "NotifySites"})
"""Those that run, where the effect names none."""


class _Due(NamedTuple):
    """Something at an instant, in the order of time; a wake has no action."""

    at: datetime
    rank: int
    key: str
    order: int
    stream: str
    action: Action | None

    @property
    def alone(self) -> bool:
        """Whether it concerns one site only."""
        return self.stream.startswith("site/")


class Stepper:
    """Steps one campaign from its issue to its end."""

    def __init__(
        self,
        pool: Pool,
        people: People,
        sender: StepSender,
        pace: ChannelUsage,
        board: NoticeBoard,
        frozen: FrozenPlan,
        sites: Sequence[Site],
        surveys: Sequence[PlannedSurvey],
    ) -> None:
        self._pool = pool
        self._people = people
        self._sender = sender
        self._pace = pace
        self._board = board
        self._calendar = frozen.calendar
        self._id = frozen.plan.id
        self._cities = [city_stream(self._id, city.code) for city in frozen.plan.cities]
        self._sites_of: dict[str, list[Site]] = defaultdict(list)
        """City's stream to all the sites that it will ever have."""
        for site in Register.everywhere(sites, surveys):
            self._sites_of[city_stream(self._id, site.city)].append(site)
        self._heap: list[_Due] = []
        self._count = itertools.count()
        self._wakes: dict[str, datetime] = {}
        """When each stream is due; a wake of the heap that is not this one is out of date."""
        self._seqs: dict[str, int] = {}
        """Running stream to its last ledger entry that is known here."""
        self._lines: dict[str, list[_Due]] = {}
        """Of the sites that go at their own speed now."""
        self._until: tuple[datetime, int] | None = None
        """Up to here (exclusive) they may go; None while none goes by itself."""
        self._touched: set[str] = set()
        """Whom effects concerned that were carried out, and who was not stepped since."""
        self._day: date | None = None
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self.tally = Tally()

    async def run(self, issued_at: datetime) -> None:
        """From the issue of the plan until it is cancelled, which is when the campaign has closed.

        Raises:
            Unreachable: the engine does not answer.
            HundredDaysError: nothing is due any more and the campaign does not end.
        """
        self._wake(campaign_stream(self._id), issued_at)
        self._expect(self._people.on_plan_issued(issued_at))
        while (due := self._first()) is not None:
            await self._pace.until(due.at)
            await self._look_around(due.at)
            if due.alone:
                await self._sites_until(self._next_shared(due))
            else:
                await self._shared(due)
        await asyncio.sleep(_END_SECONDS)
        raise HundredDaysError(f"campaign {self._id} has nothing due any more, and does not end")

    # -- what is due -----------------------------------------------------------------------------------------------

    def _first(self) -> _Due | None:
        """The next that is due; wakes that are out of date are dropped."""
        while self._heap:
            if not self._outdated(self._heap[0]):
                return self._heap[0]
            heapq.heappop(self._heap)
        return None

    def _outdated(self, due: _Due) -> bool:
        return due.action is None and self._wakes.get(due.stream) != due.at

    def _next_shared(self, first: _Due) -> tuple[datetime, int]:
        """Up to where sites may go, from `first`: at one instant and rank they come before what is shared."""
        shared = ((due.at, due.rank) for due in self._heap if not due.alone and not self._outdated(due))
        return max(min(shared, default=_NEVER), (first.at, first.rank + 1))

    def _wake(self, stream: str, at: datetime | None) -> None:
        if at is None:
            self._wakes.pop(stream, None)
        elif self._wakes.get(stream) != at:
            self._wakes[stream] = at
            self._push(_Due(at, _rank(stream), stream, next(self._count), stream, None))

    def _expect(self, actions: Iterable[Action]) -> None:
        for action in actions:
            key = action.command.command_id
            self._push(_Due(action.sent_at, _PERSON, key, next(self._count), action.stream, action))

    def _push(self, due: _Due) -> None:
        line = self._lines.get(due.stream)
        if line is not None and self._until is not None and (due.at, due.rank) < self._until:
            heapq.heappush(line, due)
            return
        heapq.heappush(self._heap, due)
        if self._until is not None and not due.alone:
            self._until = min(self._until, (due.at, due.rank))

    # -- sites by themselves ---------------------------------------------------------------------------------------

    async def _sites_until(self, until: tuple[datetime, int]) -> None:
        """All that concerns single sites before `until`; what comes of it included."""
        self._until = until
        kept = []
        for due in self._heap:
            if due.alone and (due.at, due.rank) < until:
                self._lines.setdefault(due.stream, []).append(due)
            else:
                kept.append(due)
        heapq.heapify(kept)
        self._heap = kept
        async with asyncio.TaskGroup() as lines:
            for line in self._lines.values():
                heapq.heapify(line)
                lines.create_task(self._go_along(line))
        self._until, self._lines = None, {}

    async def _go_along(self, line: list[_Due]) -> None:
        while line:
            due = heapq.heappop(line)
            if self._until is not None and (due.at, due.rank) >= self._until:
                heapq.heappush(self._heap, due)
            elif not self._outdated(due):
                await self._pace.until(due.at)
                async with self._slots:
                    await self._do(due)

    # -- cities, campaign, spot checks -----------------------------------------------------------------------------

    async def _shared(self, first: _Due) -> None:
        """All of this instant and rank, then whomever it concerned, then whoever reads of new documents."""
        now, together = (first.at, first.rank), list[_Due]()
        while (due := self._first()) is not None and (due.at, due.rank) == now and not due.alone:
            if any(other.stream == due.stream for other in together):
                break
            together.append(heapq.heappop(self._heap))
        await self._each([self._do(due) for due in together])
        await self._follow_up(first.at)
        for document in await self._board.look():
            self._expect(self._people.on_document(document))

    async def _follow_up(self, at: datetime) -> None:
        """Step whomever an effect concerned, until nobody is left: there a deadline may have come closer."""
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

    async def _look_around(self, at: datetime) -> None:
        """Once a day: who was sent something from another terminal may be due earlier than is known here."""
        day = local_date(self._calendar, at)
        if day == self._day:
            return
        self._day = day
        found = await last_seqs(self._pool, self._id)
        self._touched.update(stream for stream, seq in self._seqs.items() if found.get(stream, 0) > seq)
        await self._follow_up(at)

    # -- one step --------------------------------------------------------------------------------------------------

    async def _do(self, due: _Due) -> None:
        action = due.action
        if action is None:
            self._wakes.pop(due.stream, None)
            await self._step(due.stream, due.at)
            return
        self.tally.waiting += 1
        answered = await self._sender.send(action)
        self._note(answered.reply)
        if answered.stepped is not None:
            self._decide_command(action.stream, answered.stepped)
        elif answered.reply.hearing is MessageHandlers.GONE:
            self._forget(action.stream)
        if action.waits:
            self._expect(self._people.on_reply(action, answered.reply))

    async def _step(self, stream: str, at: datetime) -> None:
        stepped = await self._sender.step(stream, at)
        if stepped is None:
            self._forget(stream)
        else:
            self._decide_command(stream, stepped)

    def _decide_command(self, stream: str, stepped: Stepped) -> None:
        self._seqs[stream] = stepped.seq
        self._wake(stream, stepped.next_due)
        for effect in stepped.touched:
            self._touched.update(self._concerned(stream, effect))

    def _forget(self, stream: str) -> None:
        """It runs no more, or not yet."""
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
            return self._streams(site.id for site in self._sites_of[stream] if site.survey == effect.survey)
        if effect.sites:
            return self._streams(effect.sites)
        if effect.effect in _OF_MANY_SITES:
            return [one for one in self._streams(site.id for site in self._sites_of[stream]) if one in self._seqs]
        return ()

    def _streams(self, sites: Iterable[str]) -> Iterable[str]:
        return [site_stream(self._id, site) for site in sites]

    def _note(self, reply: Reply) -> None:
        tally = self.tally
        tally.sent += 1
        tally.waiting -= 1
        tally.taken += reply.hearing is MessageHandlers.ACCEPTED
        tally.refused += reply.hearing is MessageHandlers.REFUSED
        tally.gone += reply.hearing is MessageHandlers.GONE
        tally.waited_seconds = self._pace.waited_seconds


def _rank(stream: str) -> int:
    return {"site": _SITE, "city": _CITY, "campaign": _BOARD, "spot-check": _CHECK}[stream.partition("/")[0]]
