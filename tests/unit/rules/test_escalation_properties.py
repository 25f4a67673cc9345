"""A city and its sites with random ladders, approvers, replies, extensions, suspensions and outages.

Invariants: rungs are monotone within a round and reached once, no document is issued on a day off or out of order,
each overdue answer is reported the right number of times, settled documents leave the state, and the ledger restores
the city's state.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from hypothesis import given, note, settings

from rules.calendar import local_date, start_of
from rules.city.aggregate import CityAggregate, Observation
from rules.city.state import CityState
from rules.command_results import Outcome, Received
from rules.documents.addressing import LEVELS
from rules.effects import NotifySites
from schemas import commands as cmd
from schemas.documents.document import DocumentState
from schemas.ladder import Instrument
from tests.support.budget import examples
from tests.support.chain_proof import proved
from tests.support.drawn_terms import SEEDS
from tests.support.escalating_city import (
    APPROVER,
    CHIEF,
    GOVERNOR,
    ISSUER,
    REGISTRY,
    Act,
    EscalatingCity,
    closes,
    days,
    extends,
    frozen,
    resumes,
    suspends,
    working,
    works,
)
from tests.support.joint_plans import LAND, POLICE, agency_actor

bounded = settings(max_examples=examples(50), derandomize=True, deadline=None, database=None)

NOT_FOLDED = {
    "last_dispatch", "last_reconciled", "opening", "settle_asked", "settle_at", "issuing", "issuing_at",
}  # fmt: skip
"""Requested effects and the last dispatch read, which are not in the ledger: after a restore they are repeated."""

CALENDAR = frozen("2021-08-23", "2021-11-05").calendar


AGENCIES = [agency_actor(LAND), agency_actor(POLICE)]


def drawn_ladder(draw: Random) -> list[dict[str, Any]]:
    """One to five rungs, whose addressees never fall."""
    ladder: list[dict[str, Any]] = []
    level = 0
    for number in sorted(draw.sample(range(1, 7), draw.randint(1, 5))):
        amount = draw.randint(0 if not ladder else 1, 5)
        rung: dict[str, Any] = {
            "rung": number, "instrument": list(Instrument)[number - 1], "after": draw.choice([working, days])(amount),
        }  # fmt: skip
        if draw.random() < 0.4:
            level = draw.randint(level, 3)
            rung["addressee"] = LEVELS[level]
        if draw.random() < 0.5:
            rung |= {"approver": APPROVER, "approval": draw.choice([working, days])(draw.randint(0, 3))}
        if draw.random() < 0.5:
            rung |= {"reply": working(draw.randint(1, 5)), "reply_holds": working(draw.randint(1, 8))}
            if draw.random() < 0.5:
                rung["reply_holds_without_day"] = days(draw.randint(0, 9))
        if draw.random() < 0.5:
            choices = ["sites_closed", "decision", *(["replied"] if "reply" in rung else [])]
            rung |= {"lifting": draw.choice(choices), "publication": working(draw.randint(0, 6))}
        ladder.append(rung)
    return ladder


class Weather:
    """A city with a random life, derived from a seed."""

    def __init__(self, seed: int, outages: bool = True, people: bool = True) -> None:
        draw = self.draw = Random(seed)
        behaviour = {
            "no_receipt": {"instrument": "interview", "approver": APPROVER} if draw.random() < 0.5 else None,
            "no_deployment": {"instrument": "circular"} if draw.random() < 0.5 else None,
        }
        self.ladder = drawn_ladder(draw)
        instruments = [rung["instrument"] for rung in self.ladder]
        joint = draw.sample(instruments, draw.randint(1, len(instruments))) if draw.random() < 0.4 else []
        signing = {"signing": {"within": working(draw.randint(1, 3)), "instruments": joint}} if joint else {}
        plan = frozen("2021-08-23", "2021-11-05", ladder=self.ladder, behaviour=behaviour, **signing)
        due = date(2021, 8, 25) + timedelta(days=draw.randint(0, 40))
        self.first = start_of(plan.calendar, date(2021, 8, 24))
        spans: list[tuple[datetime, datetime]] = []
        for _ in range(draw.randint(0, 3) if outages else 0):
            begins = self.moment()
            spans.append((begins, begins + timedelta(minutes=draw.randint(1, 60 * 24 * 12))))
        self.life = EscalatingCity(
            plan, due, sites=("a", "b", "c"), deployed=draw.random() < 0.9, signing=draw.random() < 0.3,
            outages=tuple(spans),
        )  # fmt: skip
        acts = [self.act(draw.choice(list(self.people()))) for _ in range(draw.randint(0, 60) if people else 0)]
        self.events = [(self.moment(), act) for act in acts]
        note(f"ladder {self.ladder} due {due} outages {spans}")

    def moment(self) -> datetime:
        day = self.first.date() + timedelta(days=self.draw.randint(1, 85))
        at = start_of(CALENDAR, day, time(self.draw.randint(0, 23), self.draw.randint(0, 59)))
        return at

    def people(self) -> dict[str, Callable[[EscalatingCity, Random], None]]:
        def about(kind: type[cmd.Command], state: tuple[str, ...], **said: Any) -> Any:
            def act(city: EscalatingCity, draw: Random) -> None:
                open_ones = [key for key, one in city.states.items() if one in state]
                if not open_ones:
                    return
                who = {
                    cmd.Countersign: AGENCIES,
                    cmd.SignReceipt: [REGISTRY],
                    cmd.SendReply: [REGISTRY],
                    cmd.Lift: [ISSUER],
                }
                more = dict(said)
                if kind is cmd.SendReply and draw.random() < 0.5:
                    more["complete_by"] = local_date(city.plan.calendar, city.now) + timedelta(
                        days=draw.randint(-1, 20)
                    )
                if kind is cmd.SignReceipt and draw.random() < 0.5:
                    more["unit"] = draw.choice(["自然资源局", "公安局", "市长"])
                city.says(kind, draw.choice(who.get(kind, [CHIEF, GOVERNOR])), document=draw.choice(open_ones), **more)

            return act

        issued = ("issued", "receipted", "replied")
        return {
            "approve": about(cmd.Approve, ("drafted",)),
            "approve again": about(cmd.Approve, ("drafted",)),
            "countersign": about(cmd.Countersign, ("drafted",)),
            "countersign again": about(cmd.Countersign, ("drafted",)),
            "reject": about(cmd.Reject, ("drafted",), reason="不妥"),
            "sign": about(cmd.SignReceipt, issued),
            "reply": about(cmd.SendReply, issued, text="正在整改"),
            "lift": about(cmd.Lift, issued, reason="整改到位"),
            "site": self.at_a_site,
        }

    def at_a_site(self, city: EscalatingCity, draw: Random) -> None:
        if not city.cases:
            return
        site, today = draw.choice("abc"), local_date(city.plan.calendar, city.now)
        until, granted = today + timedelta(days=draw.randint(0, 15)), city.now - timedelta(hours=draw.randint(0, 40))
        act: Act = draw.choice(
            [closes(site), works(site), suspends(site), resumes(site), resumes(site), extends(until, granted, site)]
        )  # fmt: skip
        act(city, city.now)

    def act(self, name: str) -> Act:
        seed = self.draw.random()
        return lambda city, at: self.people()[name](city, Random(seed))

    def lived(self) -> EscalatingCity:
        self.life.live(start_of(CALENDAR, date(2022, 3, 1)), self.events)
        return self.life


def climbs(life: EscalatingCity) -> dict[str, list[list[dict[str, Any]]]]:
    """Site to the rungs of each of its rounds, in order of their entries."""
    found: dict[str, list[list[dict[str, Any]]]] = {}
    for site, entries in life.site_entries.items():
        rounds: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for entry in entries:
            if entry.kind == "climbed":
                rounds[json.loads(entry.data)["round"]].append(json.loads(entry.data))
        found[site] = list(rounds.values())
    return found


@bounded
@given(SEEDS)
def test_rungs_in_order_once_and_documents_after_lower_rung(seed: int) -> None:
    life = Weather(seed).lived()
    life.ladder()  # never on a day off nor at another hour than that of the dispatch
    rungs = [rung.rung for rung in life.plan.plan.ladder]
    instruments = {(rung.instrument.value, rung.rung) for rung in life.plan.plan.ladder}
    for site, rounds in climbs(life).items():
        taken_back = _withdrawn(life, site)
        for round_ in rounds:
            reached = [climb["rung"] for climb in round_]
            assert reached == sorted(reached), "monotone"
            assert [rung for rung in rungs if rung in reached] == rungs[: len(set(reached))], "none left out"
            for rung in reached:
                again = reached.count(rung) - 1
                # An extension that is received late withdraws rungs that are not issued yet.
                assert again <= taken_back[round_[0]["round"], rung] or _waits(life, rung), "once, if issued"
    listed: dict[tuple[str, int], list[int]] = defaultdict(list)
    for document in life.documents:
        if (document.kind, document.rung) in instruments:
            assert document.sites, "an order lists somebody"
            for site in document.sites:
                of = {k.notice.data["round"] for k in life.notices.values()
                          if k.document == document.key and k.notice.site_id == site}  # fmt: skip
                assert len(of) == 1
                listed[site, of.pop()].append(document.rung)
    for reached in listed.values():
        assert reached == sorted(set(reached)), "each once, in order of issue"


def _withdrawn(life: EscalatingCity, site: str) -> Counter[tuple[int, int]]:
    """Round and rung to how often the site was notified that its document is not issued."""
    told = [json.loads(e.data) for e in life.site_entries[site] if e.kind == "rung_withdrawn"]
    return Counter((data["round"], data["rung"]) for data in told)


def _waits(life: EscalatingCity, number: int) -> bool:
    return any(rung.rung == number and rung.approver is not None for rung in life.plan.plan.ladder)


@bounded
@given(SEEDS)
def test_overdue_reports_are_bounded_and_signers_not_asked_again(seed: int) -> None:
    life = Weather(seed).lived()
    silences = Counter(event.key for event in life.events("signing_overdue"))
    assert all(told < len(LEVELS) for told in silences.values()), "to the government, its deputy head, its head"
    assert all(told == 1 for told in Counter(event.key for event in life.events("reply_overdue")).values())
    signed: dict[str, set[str]] = defaultdict(set)
    for entry in life.entries:
        if entry.kind not in ("document_signed", "signing_overdue"):
            continue
        data = json.loads(entry.data)
        units = set(data["units"])
        assert not units & signed[data["key"]], "who signed is neither asked nor signs again"
        signed[data["key"]] |= units if entry.kind == "document_signed" else set()
    for key, progress in life.progress.items():
        if key in signed:
            assert set(progress.signed) == signed[key]


@bounded
@given(SEEDS)
def test_numbers_have_no_gap_and_every_document_has_one(seed: int) -> None:
    life = Weather(seed).lived()
    numbers: dict[tuple[str, int], list[int]] = defaultdict(list)
    for series, year, n in life.numbers.values():
        numbers[series, year].append(n)
    assert all(sorted(given_) == list(range(1, len(given_) + 1)) for given_ in numbers.values())
    assert set(life.numbers) == {document.key for document in life.documents}
    assert all(document.number for document in life.documents)
    assert len({document.number for document in life.documents}) == len(life.documents)
    assert len({document.key for document in life.documents}) == len(life.documents)


@bounded
@given(SEEDS)
def test_in_the_end_everything_was_said_and_the_city_is_closed(seed: int) -> None:
    life = Weather(seed).lived()
    assert life.desk.settled
    assert life.desk.state.waiting == [] and life.desk.state.issuing == []
    assert all(kept.document in life.drafts for kept in life.notices.values()), "no notice is lost"
    assert DocumentState.DRAFTED not in life.states.values()
    proved(life.entries)
    for tracked in life.desk.state.documents.values():
        assert not tracked.settled, "what is settled is forgotten"
        assert tracked.quiet


@bounded
@given(SEEDS)
def test_the_ledger_gives_the_desk_again_at_any_moment(seed: int) -> None:
    weather = Weather(seed)
    life, draw = weather.life, Random(seed)
    life._agenda.extend(weather.events)
    until = weather.first
    for _ in range(8):
        until += timedelta(minutes=draw.randint(1, 60 * 24 * 25))
        life.live(until)
        again = CityAggregate(life.terms)
        again.restore(life.entries)
        assert told(again.state) == told(life.desk.state)
        life.desk = CityAggregate(life.terms, type(life.desk.state).model_validate_json(life.desk.snapshot()))


class CutOffDesk(CityAggregate):
    """After each `advance` a copy rebases on its entries from the state before, as after an interrupted attempt."""

    def advance(self, commands: Iterable[Received], now: datetime, *, at_most: int | None = None) -> Outcome:
        before = self.snapshot()
        return self._adopted(before, super().advance(commands, now, at_most=at_most))

    def observe(self, observation: Observation, now: datetime) -> Outcome:
        before = self.snapshot()
        return self._adopted(before, super().observe(observation, now))

    def _adopted(self, before: str, outcome: Outcome) -> Outcome:
        twin = CityAggregate(self.terms)
        adopted = twin.rebase(before, outcome.entries)
        assert told(twin.state) == told(self.state)
        news = [[e for e in found.effects if isinstance(e, NotifySites)] for found in (adopted, outcome)]
        assert news[0] == news[1], "the sites still hear of it"
        return outcome


def told(state: CityState) -> dict[str, Any]:
    """The part of a city's state that follows from the ledger; open sites of a listing are counted at each dispatch."""
    folded = state.model_dump(exclude=NOT_FOLDED)
    for tracked in folded["documents"].values():
        tracked["open_sites"] = None
    return folded


@bounded
@given(SEEDS)
def test_interrupted_city_attempt_is_adopted_and_settles(seed: int) -> None:
    weather = Weather(seed)
    weather.life.desk = CutOffDesk(weather.life.terms, weather.life.desk.state)
    assert weather.lived().desk.settled


@bounded
@given(SEEDS)
def test_repeatedly_lost_city_loses_and_repeats_nothing(seed: int) -> None:
    """It is restored from its ledger only; it requests its pending effects again."""
    weather = Weather(seed)
    life, draw = weather.life, Random(seed)
    life._agenda.extend(weather.events)
    until, end = weather.first, start_of(CALENDAR, date(2022, 3, 1))
    while until < end:
        until += timedelta(minutes=draw.randint(1, 60 * 24 * 9))
        life.live(until)
        life.desk = CityAggregate(life.terms)
        life.desk.restore(life.entries)
    life.live(end)
    assert life.desk.settled
    proved(life.entries)
    keys = [document.key for document in life.documents]
    assert len(keys) == len(set(keys))
    requests = Counter(document.data["key"] for document in life.of("approval_request"))
    drafted = {event.key for event in life.events("document_drafted")}
    assert set(requests) <= drafted and all(times == 1 for times in requests.values())


@bounded
@given(SEEDS)
def test_an_outage_only_ever_delays_the_rungs(seed: int) -> None:
    """Without people (who would answer other documents) and approvers, the same rungs are reached, none sooner."""
    found = []
    for outages in (False, True):
        weather = Weather(seed, outages=outages, people=False)
        for rung in weather.ladder:
            rung.pop("approver", None), rung.pop("approval", None)
        plan = frozen("2021-08-23", "2021-11-05", ladder=weather.ladder)
        own = weather.life
        life = EscalatingCity(plan, own.due, sites=("a",), signing=True, outages=own.outages if outages else ())
        life.live(start_of(CALENDAR, date(2022, 3, 1)))
        found.append({c["rung"]: c["on"] for rounds in climbs(life).values() for round_ in rounds for c in round_})
    exact, delayed = found
    assert delayed.keys() <= exact.keys()
    assert all(on >= exact[rung] for rung, on in delayed.items())
