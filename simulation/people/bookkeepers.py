"""Bookkeepers: counties book money, land, minerals and costs when work is accepted, and correct some bookings."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from rules.terms.plan import requirements_of
from schemas.actor import Actor, Role, unit_name
from schemas.modes import FundingMode, Measure
from schemas.options.bookings import Book
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.people.group import ParticipantGroup

_CORRECTED = 0.2
"""Share of bookings of money and minerals that are corrected some days later."""
_FEN, _PLACES = Decimal("0.01"), Decimal("0.0001")
_WORDS = {
    "zh-CN": ("凭证", "红字凭证", "砂石企业{}（示例）", "受让方{}（示例）", "指标凭证{}（示例）"),
    "en": ("voucher", "reversal", "quarry company {} (example)", "transferee {} (example)", "certificate {} (example)"),
}
_TRADES = (FundingMode.INDEX_TRADING, FundingMode.LAND_BALANCE)


class Bookkeepers(ParticipantGroup):
    """A county books when the work is reported complete, and again when a level has passed the site."""

    def __init__(self, plan: Plan, sites: Iterable[Site], hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._hours = hours
        self._draws = draws
        self._voucher, self._reversal, self._buyer, self._transferee, self._certificate = _WORDS[plan.language]
        books = plan.modes is not None or plan.costs is not None
        self._sites = {site.id: site for site in sites} if books else {}

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """Book after a last report or a verdict; correct some bookings."""
        site = self._sites.get(action.subject)
        if site is None or reply.status is not ReplyStatus.ACCEPTED:
            return
        match action.step:
            case Step.LAST_REPORT | Step.VERDICT if reply.state.get("stage") == "verifying":
                if self._plan.modes is not None:
                    yield from self._book(site, action, reply.state.get("funding_mode"))
                if self._plan.costs is not None and action.step is Step.LAST_REPORT:
                    yield from self._costs(site, action)
            case Step.BOOKING:
                yield from self._correct(site, action)
            case _:
                pass

    def _book(self, site: Site, occasion: Action, mode: str | None) -> Iterable[Action]:
        which = occasion.command.command_id
        percent = self._draws.whole(20, 55, which, "booked")
        sale: dict[str, Any] = {}
        if mode in _TRADES:
            sale = {
                "counterpart": self._transferee.format(self._draws.whole(1, 5, site.id, which, "transferee")),
                "certificate": self._certificate.format(self._draws.whole(1, 9999, site.id, which, "certificate")),
            }
        for measure, planned, place in (
            (Measure.CNY, site.planned_cny, _FEN),
            (Measure.HA, site.planned_ha, _PLACES),
            (Measure.MU, site.planned_mu, _PLACES),
        ):
            if measure is Measure.MU and site.planned_ha is not None:  # the same land in its other unit
                continue
            amount = (planned * percent / 100).quantize(place) if planned is not None else Decimal()
            if amount and mode == FundingMode.SURPLUS_MINERALS and measure is Measure.CNY:
                yield self._sale_of_minerals(site, occasion, amount, which)
            elif amount:
                yield self._booking(site, occasion, measure, amount, f"{measure}:{which}", self._voucher, **sale)

    def _sale_of_minerals(self, site: Site, occasion: Action, money: Decimal, which: str) -> Action:
        """So many tonnes as bring about this money."""
        price = Decimal(self._draws.whole(1500, 6000, site.id, which, "price")) / 100
        buyer = self._buyer.format(self._draws.whole(1, 5, site.id, which, "buyer"))
        tonnes = max((money / price).quantize(Decimal(1)), Decimal(1))
        about = f"t:{which}"
        return self._booking(
            site, occasion, Measure.TONNES, tonnes, about, self._voucher, counterpart=buyer, price=price
        )

    def _costs(self, site: Site, occasion: Action) -> Iterable[Action]:
        which = occasion.command.command_id
        served = (problem for one in requirements_of(self._plan.catalogue, site) for problem in one.problems)
        for problem in dict.fromkeys(served):
            amount = Decimal(self._draws.whole(20, 900, site.id, which, problem, "cost")) * 100
            about = f"{problem}:{which}"
            yield self._booking(site, occasion, Measure.CNY, amount, about, self._voucher, problem=problem)

    def _correct(self, site: Site, booking: Action) -> Iterable[Action]:
        book = booking.command
        assert isinstance(book, Book)
        if book.unit not in (Measure.CNY, Measure.TONNES) or book.amount < 0:
            return
        if self._draws.chance(_CORRECTED, book.command_id, "corrected"):
            percent = self._draws.whole(1, 10, book.command_id, "too much")
            amount = -(book.amount * percent / 100).quantize(_FEN)
            same = {"price": book.price, "problem": book.problem}
            if amount:
                about = f"corrects:{book.command_id}"
                yield self._booking(site, booking, book.unit, amount, about, self._reversal, **same)

    def _booking(
        self, site: Site, occasion: Action, measure: Measure, amount: Decimal, which: str, reference: str, **more: Any
    ) -> Action:
        """On the next working day: the day of a verdict may be the site's last."""
        day = self._hours.after(self._hours.day_of(occasion.sent_at))
        at = self._hours.instant(day, Hours.CITY, self._draws.share(site.id, which, "booked at"))
        command = Book(
            command_id=f"{site.id}:book:{which}"[-128:],
            actor=Actor(id=unit_name(f"finance-{site.county}"), role=Role.COUNTY, unit=site.county),
            effective_at=at,
            amount=amount,
            unit=measure,
            reference=f"{reference}-{self._draws.whole(1, 9999, site.id, which, 'reference')}",
            **more,
        )
        stream = site_stream(self._plan.id, site.id)
        return Action(Step.BOOKING, stream, site.id, command, at, waits=True)
