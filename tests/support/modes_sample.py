"""A site whose plan has modes, and commands on modes, money and land."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from schemas.actor import Actor
from schemas.evidence import EvidencePhase
from schemas.modes import FundingMode, Measure, RestorationMode
from schemas.options.bookings import Book
from schemas.options.modes import DecideMode, ModeTerms, SetMode
from schemas.site.terms import Requirement
from tests.support.sample_terms import CITY, PROVINCE, SiteLife, _said

ALLOWED = {
    "natural": ("fiscal",),
    "engineering": ("fiscal", "enterprise"),
    "market": ("index_trading", "surplus_minerals"),
    "industry": (),
}

REQUIREMENTS = (
    Requirement(id="seal", quantity=2, unit="处", evidence=(EvidencePhase.AFTER,)),
    Requirement(id="slope", quantity=50, unit="米", restoration_modes=("engineering", "market")),
    Requirement(id="fence", quantity=100, unit="米", restoration_modes=("natural",)),
    Requirement(id="survey", quantity=1, unit="次", funding_modes=("index_trading",)),
)
"""One that always holds, two by restoration mode, one by funding mode."""


def moded(restoration: str | None = "engineering", funding: str | None = "fiscal", **rules: Any) -> SiteLife:
    """An open site with these modes in its register row."""
    terms = ModeTerms(**({"allowed": ALLOWED, "restoration": restoration, "funding": funding} | rules))
    return SiteLife(modes=terms, requirements=REQUIREMENTS)


def switched(
    at: datetime, restoration: str | None = None, funding: str | None = None, by: Actor = CITY, why: str | None = "示例"
) -> SetMode:
    return SetMode(
        **_said(by, at, None),
        restoration_mode=RestorationMode(restoration) if restoration else None,
        funding_mode=FundingMode(funding) if funding else None,
        reason=why,
    )


def ruled(at: datetime, *, confirmed: bool = True, by: Actor = PROVINCE, **named: str) -> DecideMode:
    reason = None if confirmed else "资料不全"
    return DecideMode(**_said(by, at, None), confirmed=confirmed, reason=reason, **named)


def booking(
    at: datetime,
    amount: str,
    unit: str = "cny",
    funding: str | None = None,
    reference: str = "凭证1",
    by: Actor = CITY,
    command_id: str | None = None,
    **more: Any,
) -> Book:
    """A booking; of a trade with its counterpart and certificate, unless `more` says otherwise."""
    if amount[0].isdigit() and "problem" not in more:
        more = {"counterpart": "示例买受方", "certificate": "证1"} | more
    return Book(
        **more,
        **_said(by, at, command_id),
        amount=Decimal(amount),
        unit=Measure(unit),
        reference=reference,
        funding_mode=FundingMode(funding) if funding else None,
    )
