"""Market-oriented restoration: a site's modes, its money and land."""

from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import Misused, reads
from commands.common.flags import PLAINLY, Flag, Sending
from commands.common.help_groups import RESTORATION as OFFICE
from commands.common.help_groups import examples
from commands.site.arguments import booking, funding, number, restoration
from schemas.modes import FundingMode, RestorationMode

restoration_app = App()

Restoration = Annotated[
    RestorationMode | None, Parameter(converter=reads(restoration), n_tokens=1, metavar="MODE", show_choices=False)
]
Funding = Annotated[
    FundingMode | None, Parameter(converter=reads(funding), n_tokens=1, metavar="MODE", show_choices=False)
]


@restoration_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py mode 230400-003 --restoration market --funding index_trading --reason 可交易 --as li:city:230400",
        "starter.py mode 230400-003 --funding 财政资金 --as zhao:county:230402",
        "starter.py mode 230400-003 --confirm --as wang:province:黑龙江省",
        "starter.py mode 230400-003 --refuse 资金来源未落实 --as wang:province:黑龙江省",
    ),
)
async def mode(
    site: str,
    /,
    *,
    restoration: Restoration = None,
    funding: Funding = None,
    reason: str | None = None,
    confirm: Flag = False,
    refuse: Annotated[str | None, Parameter(metavar="REASON")] = None,
    sending: Sending = PLAINLY,
) -> int:
    """Set or switch a site's modes as its city or county, or decide on a proposed mode as the province.

    The modes choose which requirements are asked for. What was done stands, and
    so does the deadline. Where the plan has the province confirm, the new modes
    hold from its word on; setting the present ones again takes a proposal back.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        restoration: natural, engineering, market or industry (自然恢复, 工程修复, 市场化修复, 产业导入).
        funding: index_trading, land_balance, surplus_minerals, fiscal or enterprise (指标交易, 耕地占补平衡,
            剩余矿产资源, 财政资金, 企业自筹).
        reason: Why (with --restoration or --funding).
        confirm: Confirm what was proposed; with --restoration or --funding only if it is that.
        refuse: Refuse what was proposed, with this reason.
    """
    from commands.common.sending import to_site
    from schemas.options.modes import DecideMode, SetMode

    modes = {"restoration_mode": restoration, "funding_mode": funding}
    if confirm and refuse is not None:
        raise Misused("say --confirm or --refuse REASON, not both")
    if confirm or refuse is not None:
        if reason is not None:
            raise Misused("--reason belongs to a mode that is set; a refusal has its own")
        return await to_site(site, DecideMode, sending, confirmed=confirm, reason=refuse, **modes)
    if restoration is None and funding is None:
        raise Misused("say --restoration MODE, --funding MODE or both; or --confirm, --refuse REASON")
    return await to_site(site, SetMode, sending, reason=reason, **modes)


@restoration_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py book 230400-003 --cny 1250000.50 --reference '合同2024-17' --as li:city:230400",
        "starter.py book 230400-003 --mu 45 --reference '指标确认单3' --funding index_trading --counterpart 示例开发区 "
        "--certificate '指标证2024-5' --as zhao:county:230402",
        "starter.py book 230400-003 --tonnes 1200 --price 35 --counterpart 示例砂石公司 --reference '销售合同9' "
        "--as li:city:230400",
        "starter.py book HK-003 --cny 82000 --reference '发票31' --against '示例矿业' --as zhao:county:360429",
        "starter.py book 230400-003 --cny=-50000 --reference '红字凭证8' --as li:city:230400",
        "starter.py book 350881-001 --cny 30000 --problem adit_open --reference '发票12' --as lin:county:350881",
    ),
)
async def book(
    site: str,
    /,
    *,
    reference: str,
    cny: Annotated[str | None, Parameter(metavar="AMOUNT")] = None,
    ha: Annotated[str | None, Parameter(metavar="AREA")] = None,
    mu: Annotated[str | None, Parameter(metavar="AREA")] = None,
    tonnes: Annotated[str | None, Parameter(metavar="AMOUNT")] = None,
    price: Annotated[str | None, Parameter(metavar="YUAN")] = None,
    funding: Funding = None,
    counterpart: str | None = None,
    certificate: str | None = None,
    problem: str | None = None,
    note: str | None = None,
    against: Annotated[str | None, Parameter(metavar="ENTERPRISE")] = None,
    sending: Sending = PLAINLY,
) -> int:
    """Book money, land or minerals that a site's restoration has realised, or what a problem has cost.

    Bookings add up, by funding mode or by problem. A correction is a negative booking with
    a reference of its own: what was booked is never edited, and no sum goes below 0.
    Surplus minerals are booked in tonnes with buyer and price, which make the money;
    index trading and land balance name the counterpart and the certificate.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        reference: The contract, confirmation or voucher.
        cny: So much money, in yuan to the fen; negative with `=`, as in --cny=-500.
        ha: So much land, in hectares.
        mu: So much land, in mu (15 mu are 1 hectare).
        tonnes: So many tonnes of surplus minerals; with --price and --counterpart.
        price: The price of a tonne, in yuan.
        funding: The funding mode that it counts under; the site's own by default.
        counterpart: Who bought the minerals, the index or the land.
        certificate: The certificate of the index or the land.
        problem: The problem that the money was spent on, in plans with `costs`.
        note: For whoever reads it.
        against: Charge the money to this enterprise, in whose place the county worked (any plan).
    """
    from commands.common.sending import to_site
    from schemas.options.bookings import Book

    try:
        amount = booking(cny, ha, mu, tonnes)
        yuan = None if price is None else number("price", price)
    except ValueError as error:
        raise Misused(str(error)) from None
    if against is not None:
        if cny is None or funding is not None:
            raise Misused("--against charges money: it goes with --cny, and not with --funding")
        from schemas.options.builders import ChargeCost

        charged = {"enterprise": against, "amount": cny, "reference": reference, "note": note}
        return await to_site(site, ChargeCost, sending, **charged)
    more = {"counterpart": counterpart, "certificate": certificate, "problem": problem, "price": yuan}
    return await to_site(site, Book, sending, reference=reference, funding_mode=funding, note=note, **amount, **more)
