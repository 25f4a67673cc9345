"""A site: work reported and verified, its record corrected, its deadline extended or suspended."""

from decimal import Decimal
from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import Misused, quantity, reads
from commands.common.flags import PLAINLY, Again, Day, Flag, Opinion, Passed, RequiredDay, Sending, ruled
from commands.common.help_groups import CITY, PROVINCE, SUPERVISION, examples
from schemas.deferrals import SuspensionBasis
from schemas.register import Hazard

sites = App()


@sites.command(
    group=CITY,
    help_epilogue=examples(
        "starter.py complete 410400-002 seal_adit --evidence after:IMG_0231.jpg --as zhao:county:410402",
        "starter.py complete henan-2021/410400-002 warning_signs --quantity 3 --at 2021-08-20T16:00",
    ),
)
async def complete(
    site: str,
    requirement: str,
    /,
    *,
    quantity: Annotated[Decimal, Parameter(converter=reads(quantity), n_tokens=1)] = Decimal(1),
    evidence: Annotated[tuple[str, ...], Parameter(negative="", metavar="PHASE:REF")] = (),
    note: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Report work on a requirement of a site.

    Reports add up. When everything is done with its evidence, the site asks for verification by itself.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        requirement: The requirement's id in the plan's catalogue.
        quantity: How much was done, in the requirement's unit.
        evidence: A reference to a photo or file, with its phase: before, during or after (default). May be repeated.
        note: For whoever verifies it.
    """
    from commands.common.sending import to_site
    from commands.site.arguments import read_evidence
    from schemas import commands as cmd

    try:
        references = [read_evidence(reference) for reference in evidence]
    except ValueError as error:
        raise Misused(f"--evidence: {error}") from None
    return await to_site(
        site,
        cmd.CompleteTask,
        sending,
        requirement=requirement,
        quantity=quantity,
        evidence=references,
        note=note,
    )


@sites.command(
    group=SUPERVISION,
    help_epilogue=examples(
        "starter.py verify 410400-002 county --pass --as qian:county:410402",
        "starter.py verify 410400-002 city --fail 'two signs are missing' --requirement warning_signs "
        "--as sun:city:410400",
    ),
)
async def verify(
    site: str,
    level: str,
    /,
    *,
    passed: Passed = False,
    fail: Opinion = None,
    requirement: Again = (),
    sending: Sending = PLAINLY,
) -> int:
    """Give a level's verdict on a site.

    The one who reported work never verifies it, and each level is a different person. The last level's pass closes
    the site; a failure gives the written rectification opinion and begins a new round.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        level: The level's id in the plan.
        passed: The site passes this level.
        fail: The site fails, with this rectification opinion (or @ and the file it stands in).
        requirement: A requirement that must be done again (with --fail; may be repeated). Without it all of them.
    """
    from commands.common.sending import to_site
    from schemas import commands as cmd

    return await to_site(site, cmd.Verify, sending, level=level, **ruled(passed, fail, requirement))


@sites.command(
    group=CITY,
    help_epilogue=examples(
        "starter.py correct 410400-002 --name '示例点位02（竖井）' --reason 'it is a shaft' --as zhao:county:410402",
        "starter.py correct 410400-002 --area-ha 2.4 --hazard high --township 示例乡 --as li:city:410400",
        "starter.py correct 410400-002 --latitude 33.7201 --longitude 113.3041 --as li:city:410400",
    ),
)
async def correct(
    site: str,
    /,
    *,
    name: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    mineral: str | None = None,
    responsible: Annotated[tuple[str, ...], Parameter(negative="", metavar="UNIT")] = (),
    area_ha: Annotated[Decimal | None, Parameter(converter=reads(quantity), n_tokens=1)] = None,
    hazard: Hazard | None = None,
    township: str | None = None,
    enterprise: str | None = None,
    reason: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Correct what the register says of a site, as the province, its city or its county.

    The register row stays as it was registered: the correction stands in the ledger, in exports and in
    `status --site`. What decides on deadlines and duties is not corrected here: an amendment changes the plan, a
    survey adds sites, `mode` switches modes.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        name: Its name.
        latitude: WGS 84 degrees north.
        longitude: WGS 84 degrees east.
        mineral: What was mined.
        responsible: Who is responsible, in place of all that are registered (may be repeated).
        area_ha: Its area in hectares; targets count it.
        hazard: Its hazard: high, medium or low.
        township: Its township, by code or name.
        enterprise: Its building enterprise, while no work was reported; later: replace-enterprise.
        reason: How it was found out.
    """
    said: dict[str, object] = {"name": name, "latitude": latitude, "longitude": longitude, "mineral": mineral}
    said["responsible"] = responsible or None
    said |= {"area_ha": area_ha, "hazard": hazard, "township": township, "enterprise": enterprise}
    record = {field: value for field, value in said.items() if value is not None}
    if not record:
        raise Misused("say what is right: one or more of --name, --latitude, --longitude, --mineral, --area-ha, ...")
    from commands.common.answers import tell
    from commands.common.connection import connected
    from services.site.correction import correct_record

    async with connected() as servers:
        return tell(await correct_record(servers, site, record, reason, sending), sending)


@sites.command(
    group=PROVINCE,
    help_epilogue=examples(
        "starter.py extend 410400-002 2021-10-20 --reason 'rain' --as wang:province:河南省",
    ),
)
async def extend(
    site: str,
    until: RequiredDay,
    /,
    *,
    reason: str,
    sending: Sending = PLAINLY,
) -> int:
    """Extend a site's rectification: it is due at the end of that day.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        until: The last day, within the campaign.
        reason: Why it is granted.
    """
    from commands.common.sending import to_site
    from schemas import commands as cmd

    return await to_site(site, cmd.Extend, sending, until=until, reason=reason)


@sites.command(
    group=PROVINCE,
    help_epilogue=examples(
        "starter.py suspend 410400-002 --reason 'flood alert' --as wang:province:河南省",
        "starter.py suspend 410400-002 --reason 'order of 3 August' --basis stop_work_order --until 2021-08-20 "
        "--as wang:province:河南省",
        "starter.py suspend henan-2021 --city 410400 --basis flood --reason 防汛应急响应 --until 2021-08-20 "
        "--as wang:province:河南省",
        "starter.py suspend henan-2021 --requirement revegetate --basis planting_season --reason 待春季栽植 --dry-run",
    ),
)
async def suspend(
    site: str,
    /,
    *,
    reason: str,
    basis: SuspensionBasis | None = None,
    until: Day = None,
    city: str | None = None,
    county: str | None = None,
    type_: Annotated[str | None, Parameter(name="--type")] = None,
    requirement: str | None = None,
    problem: str | None = None,
    document: str | None = None,
    dry_run: Flag = False,
    sending: Sending = PLAINLY,
) -> int:
    """Suspend a site, or many at once: work and deadlines stand still until they are resumed.

    With a city, county or kind of work the name is a campaign's. Each city gets one order and one document that lists
    its sites; those that open while it holds are suspended too.

    Args:
        site: CAMPAIGN/SITE, a site's id that only one campaign has, or a campaign.
        reason: Why.
        basis: On what it rests.
        until: The last day that stands still: the suspension ends by itself with it.
        city: All sites of this city, by code or name; without it the other flags count in every city.
        county: Those of this county.
        type_: Those of this type.
        requirement: Those with this requirement of the catalogue.
        problem: Those with this kind of problem.
        document: The number of the order, if it has one; its sites' ledgers say it.
        dry_run: Count and list the sites, and send nothing.
    """
    from commands.common.sending import to_site
    from schemas import commands as cmd

    scope = {"county": county, "type": type_, "requirement": requirement, "problem": problem}
    content: dict[str, object] = {"reason": reason, "basis": basis, "until": until}
    if city is None and not any(scope.values()):
        if dry_run or document is not None:
            raise Misused("--dry-run and --document belong to --city, --county, --type, --requirement or --problem")
        return await to_site(site, cmd.Suspend, sending, **content)
    from commands.site.orders_view import give_order, preview_order
    from schemas.options.standstill import SuspendSites

    if dry_run:
        return await preview_order(site, city, scope, sending.json)
    return await give_order(site, city, SuspendSites, sending, **content, document=document, **scope)


@sites.command(
    group=PROVINCE,
    help_epilogue=examples(
        "starter.py resume 410400-002 --as wang:province:河南省",
        "starter.py resume henan-2021 --city 410400 --as wang:province:河南省",
    ),
)
async def resume(
    site: str,
    /,
    *,
    reason: str | None = None,
    city: str | None = None,
    order: int | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Resume a suspended site, or all that an order suspended: the time it stood still is given back.

    Args:
        site: CAMPAIGN/SITE, a site's id that only one campaign has, or with --city a campaign.
        reason: Why, if there is something to say.
        city: The city whose orders end, by code or name.
        order: One of them, by its number.
    """
    from commands.common.sending import to_city, to_site
    from schemas import commands as cmd
    from schemas.options.standstill import ResumeSites

    if city is not None:
        return await to_city(site, city, ResumeSites, sending, reason=reason, order=order)
    if order is not None:
        raise Misused("--order belongs to --city")
    return await to_site(site, cmd.Resume, sending, reason=reason)
