"""Money and land of a campaign or a city, planned and realised, by restoration mode and by funding mode."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal

from pydantic import computed_field

from schemas.base import StoredModel
from schemas.modes import in_ha, plain

_SHARE = Decimal("0.0001")


def share(realised: Decimal, planned: Decimal) -> Decimal | None:
    """The realised part of what was planned, never rounded up; None where nothing was planned."""
    return plain((realised / planned).quantize(_SHARE, rounding=ROUND_DOWN)) if planned else None


class ModeSum(StoredModel):
    """One mode. Money is in yuan, land in mu, both exact; hectares and shares follow from them.

    A site and its planned amounts count under its modes in force; all its booked amounts count under its restoration
    mode. Under a funding mode count the amounts booked under that mode at any site. `mode` is None for sites without
    one.
    """

    mode: str | None = None
    sites: int = 0
    closed: int = 0
    planned_cny: Decimal = Decimal()
    realised_cny: Decimal = Decimal()
    planned_mu: Decimal = Decimal()
    realised_mu: Decimal = Decimal()
    realised_t: Decimal = Decimal()
    """Tonnes of surplus minerals; their proceeds are in `realised_cny`."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def planned_ha(self) -> Decimal:
        return in_ha(self.planned_mu)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def realised_ha(self) -> Decimal:
        return in_ha(self.realised_mu)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def cny_share(self) -> Decimal | None:
        return share(self.realised_cny, self.planned_cny)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def land_share(self) -> Decimal | None:
        return share(self.realised_mu, self.planned_mu)


class ModeSums(StoredModel):
    """The modes of a campaign or city, in the order of `schemas.options.modes`, sites without a mode last.

    Each of the two lists adds up to `total`.
    """

    restoration: tuple[ModeSum, ...] = ()
    funding: tuple[ModeSum, ...] = ()
    total: ModeSum = ModeSum()


def added_up(sums: Iterable[ModeSum], mode: str | None = None) -> ModeSum:
    """The total of several sums, under this mode."""
    found = list(sums)
    return ModeSum(
        mode=mode,
        sites=sum(s.sites for s in found),
        closed=sum(s.closed for s in found),
        planned_cny=plain(sum((s.planned_cny for s in found), Decimal())),
        realised_cny=plain(sum((s.realised_cny for s in found), Decimal())),
        planned_mu=plain(sum((s.planned_mu for s in found), Decimal())),
        realised_mu=plain(sum((s.realised_mu for s in found), Decimal())),
        realised_t=plain(sum((s.realised_t for s in found), Decimal())),
    )
