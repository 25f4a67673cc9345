"""Spot checks: order one, take its list, inspect its sites, see where it stands, and work its draw out again."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import Misused
from commands.common.flags import PLAINLY, Again, Flag, Opinion, Passed, Sending, ruled
from commands.common.help_groups import SUPERVISION as OFFICE
from commands.common.help_groups import examples

spot_checks = App()


@spot_checks.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py spot-check henan-2021",
        "starter.py spot-check henan-2021 2021-09-24-410400",
        "starter.py spot-check henan-2021 --draw autumn-1 --city 410400 --seed 7 --as wang:province:河南省自然资源厅",
    ),
)
async def spot_check(
    campaign: str,
    check: str | None = None,
    /,
    *,
    draw: Annotated[str | None, Parameter(metavar="ID")] = None,
    city: str | None = None,
    seed: int | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Show a campaign's spot checks, or one of them; or order a new one, as the province.

    The sample is drawn from the sites that are struck off at that moment, by the plan's `spot_check`. Frame, seed and
    sample are kept, so that `redraw` and any stranger can draw it again.

    Args:
        campaign: The campaign's id.
        check: The spot check's id; without it all of them.
        draw: Order a spot check under this new id.
        city: Only sites of this city, by code or name (with --draw).
        seed: The seed of the draw (with --draw); by chance if none is said.
    """
    if draw is None:
        if city is not None or seed is not None:
            raise Misused("--city and --seed belong to --draw")
        return await _show(campaign, check, as_json=sending.json)
    if check is not None:
        raise Misused(f"say {check} to see it, or --draw ID to order another; not both")
    from secrets import randbelow

    from commands.common.connection import connected
    from commands.common.sending import to_campaign
    from schemas.options.spot_checks import DrawSpotCheck
    from services.common.subjects import city_subject

    if city is not None:
        async with connected() as servers:
            city = (await city_subject(await servers.pool(), campaign, city)).city
    by_chance = randbelow(2**32) if seed is None else seed
    return await to_campaign(campaign, DrawSpotCheck, sending, check=draw, city=city, seed=by_chance)


async def _show(campaign: str, check: str | None, *, as_json: bool) -> int:
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.spot_checks.view import spot_check_page, spot_checks_page
    from services.spot_checks.subjects import spot_check_subject, spot_check_subjects

    async with connected() as servers:
        pool = await servers.pool()
        if check is None:
            page = spot_checks_page(campaign, await spot_check_subjects(pool, campaign))
        else:
            page = spot_check_page(await spot_check_subject(pool, campaign, check))
    show(page, as_json)
    return 0


@spot_checks.command(
    group=OFFICE,
    help_epilogue=examples("starter.py take-sample henan-2021 2021-09-24-410400 --as he:county:410423"),
)
async def take_sample(campaign: str, check: str, /, *, sending: Sending = PLAINLY) -> int:
    """Take the list of a spot check's sample, as one of its inspectors; who took it is on record.

    Args:
        campaign: The campaign's id.
        check: The spot check's id.
    """
    from commands.common.answers import tell
    from commands.common.connection import connected
    from schemas.spot_check import TakeSample
    from services.spot_checks.sending import send_to_spot_check

    async with connected() as servers:
        return tell(await send_to_spot_check(servers, campaign, check, TakeSample, sending), sending)


@spot_checks.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py inspect henan-2021 2021-09-24-410400 410400-002 --pass --as he:county:410423",
        "starter.py inspect henan-2021 2021-09-24-410400 410400-003 --fail 'the seal is 12 cm thick' "
        "--requirement seal_adit --as he:county:410423",
    ),
)
async def inspect(
    campaign: str,
    check: str,
    site: str,
    /,
    *,
    passed: Passed = False,
    fail: Opinion = None,
    opinion: Opinion = None,
    requirement: Again = (),
    sending: Sending = PLAINLY,
) -> int:
    """Say what was found at a sampled site, as the province, an officer of another county, or an expert.

    A failed site is opened again at once. The first failure of a unit enlarges its sample; a failure of an added site
    returns the unit's whole batch. Who reported or judged at the site does not inspect it.

    Args:
        campaign: The campaign's id.
        check: The spot check's id.
        site: The site's id.
        passed: The site is in order.
        fail: The site is not, for this reason (or @ and the file it stands in).
        opinion: A remark (with --pass).
        requirement: A requirement that must be done again (with --fail; may be repeated). Without it all of them.
    """
    from commands.common.answers import tell
    from commands.common.connection import connected
    from services.spot_checks.sending import inspect_site

    verdict = ruled(passed, fail, requirement, opinion)
    async with connected() as servers:
        return tell(await inspect_site(servers, campaign, check, sending, site=site, **verdict), sending)


@spot_checks.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py redraw henan-2021 2021-09-24-410400",
        "starter.py redraw henan-2021 2021-09-24-410400 --export frame.jsonl",
        "starter.py redraw --frame frame.jsonl --seed 20210924 --share 0.2 --minimum 1",
    ),
)
async def redraw(
    campaign: str | None = None,
    check: str | None = None,
    /,
    *,
    export: Path | None = None,
    frame: Path | None = None,
    seed: int | None = None,
    share: float = 0.2,
    share_high: float | None = None,
    share_medium: float | None = None,
    share_low: float | None = None,
    minimum: int = 1,
    hash_: Annotated[str | None, Parameter(name="--hash")] = None,
    json: Flag = False,
) -> int:
    """Work a spot check's draw out again and compare it; ends with 1 if anything differs.

    It is drawn from the frame that was kept, and from the ledgers of the sites: frame hash, strata and every drawn
    site must be those that are recorded. With --frame it draws from an exported frame, without any server.

    Args:
        campaign: The campaign's id.
        check: The spot check's id.
        export: Write the kept frame to this file, a line a site, as its hash has them.
        frame: An exported frame to draw from.
        seed: The seed (with --frame).
        share: The share of each stratum (with --frame).
        share_high: The share of strata of high hazard, if it is another (with --frame).
        share_medium: Likewise of medium hazard.
        share_low: Likewise of low hazard.
        minimum: Sites of each stratum at least (with --frame).
        hash_: The frame hash that was published (with --frame): ends with 1 if it is another frame.
        json: Print one JSON object.
    """
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.spot_checks.view import file_page, redraw_page
    from schemas.quantity import exact
    from services.spot_checks import redraw as service

    if frame is not None:
        if campaign is not None or export is not None:
            raise Misused("--frame draws from a file; say --seed, --share, --share-high, --minimum, --hash")
        if seed is None:
            raise Misused("--frame needs the --seed that was published")
        given = {"high": share_high, "medium": share_medium, "low": share_low}
        shares = {hazard: exact(own) for hazard, own in given.items() if own is not None}
        if not all(0 < one <= 1 for one in (exact(share), *shares.values())) or minimum < 0:
            raise Misused("--share lies between 0 and 1, --minimum is not negative")
        drawn = service.redraw_file(frame, seed, exact(share), minimum, hash_, shares)
        show(file_page(drawn), json)
        return 0 if drawn.holds else 1
    if campaign is None or check is None:
        raise Misused("say CAMPAIGN CHECK, or --frame FILE --seed N")
    if seed is not None or hash_ is not None:
        raise Misused("--seed and --hash belong to --frame; a recorded draw has its own")
    async with connected() as servers:
        redrawn = await service.redraw(await servers.pool(), campaign, check, export)
    show(redraw_page(redrawn), json)
    return 0 if redrawn.holds else 1
