"""Ids that are open in another running campaign: the same mine may be worked on twice, under two plans."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from intake.check import CheckReport
from intake.files.faults import Fault, told
from intake.register import wording
from runtime.settings import Settings
from schemas.errors import InvalidInput, Unreachable
from schemas.identity import folded
from schemas.register import Site
from services.common.connection import open_servers
from storage.register import open_elsewhere


def elsewhere(file: str, sites: Sequence[Site], open_sites: Iterable[tuple[str, str]]) -> tuple[Fault, ...]:
    """A warning for each site whose id is open in another campaign, given those as (campaign, id)."""
    standing = {folded(site_id): f"{campaign}/{site_id}" for campaign, site_id in open_sites}
    found = [(site.id, standing[folded(site.id)]) for site in sites if folded(site.id) in standing]
    faults = ((site, Fault(file, site, wording.open_elsewhere(where))) for site, where in found)
    return tuple(told(faults, wording.MORE_ELSEWHERE))


async def compared(report: CheckReport) -> CheckReport:
    """The report with a warning for each id that is open elsewhere; as it is where no Postgres answers."""
    register = report.register
    if report.frozen is None or register is None or not register.sites:
        return report
    try:
        async with open_servers(Settings.from_environment()) as servers:
            standing = await open_elsewhere(await servers.pool(), report.frozen.plan.id)
    except (Unreachable, InvalidInput):
        return report
    found = elsewhere(register.file, register.sites, standing)
    return replace(report, register=replace(register, warnings=register.warnings + found), compared=True)
