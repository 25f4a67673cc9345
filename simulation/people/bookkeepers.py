"""Bookkeepers: counties book money and land when a site's work is accepted, and correct some bookings."""

from collections.abc import Iterable
from decimal import Decimal

from schemas.actor import Actor, Role, unit_name
from schemas.modes import Measure
from schemas.options.modes import Book
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.people.group import ParticipantGroup

_CORRECTED = 0.2
"""Share of bookings of money that are corrected some days later."""
_FEN, _PLACES = Decimal("0.01"), Decimal("0.0001")
_REFERENCES = {"zh-CN": ("凭证", "红字凭证"), "en": ("voucher", "reversal")}


class Bookkeepers(ParticipantGroup):
    """A county books when the work is reported complete, and again when a level has passed the site."""

    def __init__(self, plan: Plan, sites: Iterable[Site], hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._hours = hours
        self._draws = draws
        self._voucher, self._reversal = _REFERENCES[plan.language]
        self._sites = {site.id: site for site in sites} if plan.modes is not None else {}

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """Book after a last report or a verdict; correct some bookings."""
        site = self._sites.get(action.subject)
        if site is None or reply.status is not ReplyStatus.ACCEPTED:
            return
        match action.step:
            case Step.LAST_REPORT | Step.VERDICT if reply.state.get("stage") == "verifying":
                yield from self._book(site, action)
            case Step.BOOKING:
                yield from self._correct(site, action)
            case _:
                pass

    def _book(self, site: Site, occasion: Action) -> Iterable[Action]:
        which = occasion.command.command_id
        percent = self._draws.whole(20, 55, which, "booked")
        for measure, planned, place in (
            (Measure.CNY, site.planned_cny, _FEN),
            (Measure.HA, site.planned_ha, _PLACES),
            (Measure.MU, site.planned_mu, _PLACES),
        ):
            if measure is Measure.MU and site.planned_ha is not None:  # the same land in its other unit
                continue
            amount = (planned * percent / 100).quantize(place) if planned is not None else Decimal()
            if amount:
                yield self._booking(site, occasion, measure, amount, f"{measure}:{which}", self._voucher)

    def _correct(self, site: Site, booking: Action) -> Iterable[Action]:
        book = booking.command
        assert isinstance(book, Book)
        if book.unit is not Measure.CNY or book.amount < 0:
            return
        if self._draws.chance(_CORRECTED, book.command_id, "corrected"):
            amount = -(book.amount * self._draws.whole(1, 10, book.command_id, "too much") / 100).quantize(_FEN)
            if amount:
                yield self._booking(site, booking, Measure.CNY, amount, f"corrects:{book.command_id}", self._reversal)

    def _booking(
        self, site: Site, occasion: Action, measure: Measure, amount: Decimal, which: str, reference: str
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
        )
        stream = site_stream(self._plan.id, site.id)
        return Action(Step.BOOKING, stream, site.id, command, at, waits=True)
