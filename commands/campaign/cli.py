"""The province's commands: check and start a campaign, extend, suspend and resume sites, stop."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import a_day, reads
from commands.common.flags import PLAINLY, Sending
from commands.common.help_groups import PROVINCE as OFFICE
from commands.common.help_groups import examples
from schemas.errors import InvalidInput, Refused
from schemas.site.deferrals import SuspensionBasis

province = App()

Json = Annotated[bool, Parameter(negative="", show_default=False)]


@province.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py check plan.yaml --register sites.xlsx",
        "starter.py check plan.yaml --register foreign.csv --map map.yaml --json",
        "starter.py check plan.yaml --starts-on 2027-03-01",
    ),
)
def check(
    plan: Path,
    /,
    *,
    register: Path | None = None,
    map_: Annotated[Path | None, Parameter(name="--map")] = None,
    starts_on: Annotated[date | None, Parameter(converter=reads(a_day), n_tokens=1, metavar="DAY")] = None,
    json: Json = False,
) -> int:
    """Check a plan and its register; nothing is written.

    Every fault is listed with file, row, column, value and what was expected; then the campaign's days, and the
    clauses that rest on days not yet published. Ends with 1 when there are faults.

    Args:
        plan: The work plan (YAML).
        register: The site register (CSV or XLSX).
        map_: For foreign registers (YAML): our field, their column or a constant.
        starts_on: Begin on this day (a date, today or yesterday); end and phases move with it.
        json: Print one JSON object.
    """
    from commands.campaign.check_view import check_json, show_check
    from commands.common.progress import progress
    from commands.common.tables import console, print_json
    from services.campaign.checking import checked
    from services.common.text import counted

    report = checked(plan, register, map_, starts_on, progress)
    if json:
        print_json(check_json(report))
    else:
        show_check(console(), report)
    if report.faults:
        raise InvalidInput(f"{counted(len(report.faults), 'fault')}; correct what is listed and check again")
    if report.is_empty:
        raise InvalidInput("there is nothing to start: the register has no row below its header")
    return 0


@province.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py start plan.yaml --register sites.xlsx",
        "starter.py start plan.yaml --register sites.csv --skip-bad --bad-rows to-correct.csv",
    ),
)
async def start(
    plan: Path,
    /,
    *,
    register: Path,
    map_: Annotated[Path | None, Parameter(name="--map")] = None,
    skip_bad: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    bad_rows: Path | None = None,
    starts_on: Annotated[date | None, Parameter(converter=reads(a_day), n_tokens=1, metavar="DAY")] = None,
    json: Json = False,
) -> int:
    """Start a campaign: keep its plan and register, and issue the plan to the cities.

    The plan's document number is the campaign's identity: starting the same again changes nothing and says so, and
    completes a start that died half-way; another plan under the same number is refused.

    Args:
        plan: The work plan (YAML).
        register: The site register (CSV or XLSX).
        map_: For foreign registers (YAML): our field, their column or a constant.
        skip_bad: Start with the good rows; the bad ones go to a file and are kept with the campaign.
        bad_rows: That file; by default the register's name with .bad.csv, in the working directory.
        starts_on: Begin on this day (a date, today or yesterday); end and phases move with it.
        json: Print one JSON object.
    """
    from commands.campaign.start_view import launched_json, startable_or_shown, tell_launched
    from commands.common.connection import connected
    from commands.common.progress import progress
    from commands.common.tables import print_json
    from services.campaign.checking import checked, with_bad_rows_kept
    from services.campaign.launching import launch

    found = checked(plan, register, map_, starts_on, progress)
    sound = with_bad_rows_kept(startable_or_shown(found, skip_bad, json), found, register, bad_rows)
    async with connected() as servers:
        launched = await launch(servers, sound)
    if json:
        print_json(launched_json(launched))
    else:
        tell_launched(launched, plan)
    return 0


@province.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py extend 410400-002 2021-10-20 --reason 'rain' --as wang:province:河南省",
    ),
)
async def extend(
    site: str,
    until: Annotated[date, Parameter(converter=reads(a_day), n_tokens=1)],
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


@province.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py suspend 410400-002 --reason 'flood alert' --as wang:province:河南省",
        "starter.py suspend 410400-002 --reason 'order of 3 August' --basis stop_work_order --until 2021-08-20 "
        "--as wang:province:河南省",
    ),
)
async def suspend(
    site: str,
    /,
    *,
    reason: str,
    basis: SuspensionBasis | None = None,
    until: Annotated[date | None, Parameter(converter=reads(a_day), n_tokens=1, metavar="DAY")] = None,
    sending: Sending = PLAINLY,
) -> int:
    """Suspend a site: work and deadlines stand still until it is resumed.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        reason: Why.
        basis: On what it rests.
        until: The last day that stands still: the suspension ends by itself with it.
    """
    from commands.common.sending import to_site
    from schemas import commands as cmd

    return await to_site(site, cmd.Suspend, sending, reason=reason, basis=basis, until=until)


@province.command(group=OFFICE, help_epilogue=examples("starter.py resume 410400-002 --as wang:province:河南省"))
async def resume(site: str, /, *, reason: str | None = None, sending: Sending = PLAINLY) -> int:
    """Resume a suspended site: the time it stood still is given back.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        reason: Why, if there is something to say.
    """
    from commands.common.sending import to_site
    from schemas import commands as cmd

    return await to_site(site, cmd.Resume, sending, reason=reason)


@province.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py stop henan-2021 --reason 'merged into the autumn campaign' --as wang:province:河南省"
    ),
)
async def stop(
    campaign: str,
    /,
    *,
    reason: str,
    yes: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    sending: Sending = PLAINLY,
) -> int:
    """Stop a campaign: what is open is carried over. This can not be undone.

    Args:
        campaign: The campaign's id.
        reason: Why.
        yes: Do not ask (on a terminal it asks first).
    """
    from commands.common.sending import to_campaign
    from schemas import commands as cmd

    if sys.stdin.isatty() and not yes and not _confirmed(campaign):
        raise Refused(f"campaign {campaign} was not stopped")
    return await to_campaign(campaign, cmd.Stop, sending, reason=reason)


def _confirmed(campaign: str) -> bool:
    print(f"This stops {campaign} for good; its open sites are carried over.", file=sys.stderr)
    print("Stop it? Type the campaign's id: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == campaign
