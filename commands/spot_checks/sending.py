"""Giving a command to a spot check."""

from collections.abc import Sequence

from commands.amendments.preview import case_of
from commands.common.actors import acting
from commands.common.connection import Servers, connected
from commands.common.flags import Sending
from commands.common.sending import to_subject
from commands.common.subjects import SpotCheckSubject, spot_check_subject
from rules.site.aggregate import SiteAggregate
from rules.site.work import in_force
from schemas.actor import Actor, Role
from schemas.command import Command
from schemas.errors import Refused
from schemas.spot_check import Inspect
from schemas.streams import site_stream
from storage.amendments import plan_versions
from storage.connections import Pool
from storage.ledger import read_stream
from storage.register import read_site


async def to_spot_check(campaign: str, check: str, model: type[Command], sending: Sending, **content: object) -> int:
    """Give a command of this kind and content to a spot check; returns 0, raises as `send` does."""
    async with connected() as servers:
        subject = await spot_check_subject(await servers.pool(), campaign, check)
        return await _told(subject, sending, servers, model, content)


async def inspect_site(
    campaign: str,
    check: str,
    sending: Sending,
    *,
    site: str,
    passed: bool,
    opinion: str | None,
    failed_requirements: Sequence[str],
) -> int:
    """Report an inspection; Refused also where the sampled site has no requirement of a name that is to be done again.

    The check's own stream knows its sites, not what each of them had to do: that stands in the site's ledger.
    """
    async with connected() as servers:
        pool = await servers.pool()
        subject = await spot_check_subject(pool, campaign, check)
        if site in subject.check.state.sampled and failed_requirements:
            require_requirements(await _case(pool, subject, site), failed_requirements)
        said = {"site": site, "passed": passed, "opinion": opinion, "failed_requirements": tuple(failed_requirements)}
        return await _told(subject, sending, servers, Inspect, said)


async def _told(
    subject: SpotCheckSubject, sending: Sending, servers: Servers, model: type[Command], content: dict[str, object]
) -> int:
    actor = acting(sending.as_, servers.settings.actor)
    try:
        return await to_subject(servers, subject, model, sending, **content)
    except Refused as refused:
        raise Refused(f"{refused}{by_its_code(actor, subject.check.state.counties)}") from None


def by_its_code(actor: Actor, counties: Sequence[str]) -> str:
    """What to say to an officer whose county is none of the register's, as its rows write it."""
    if actor.role is not Role.COUNTY or actor.unit in counties or not counties:
        return ""
    return f"; a county is named as the register names it, by its code, such as {counties[0]}"


def require_requirements(case: SiteAggregate, named: Sequence[str]) -> None:
    """Raises Refused, naming those there are, for what the site never had to do: it would open all of it again.

    Where sites are closed by problem, an entry of the catalogue stands for its requirement at each of them.
    """
    known = [r.id for r in in_force(case.terms, case.state)]
    strange = [one for one in named if one not in {*known, *(name.partition(":")[0] for name in known)}]
    if strange:
        raise Refused(
            f"{case.terms.site_id} has no requirement {', '.join(strange)}; it has: {', '.join(known)}. Name one of "
            "these, or none for all of them; nothing was sent"
        )


async def _case(pool: Pool, subject: SpotCheckSubject, site: str) -> SiteAggregate:
    """The sampled site as its ledger tells it; a site that is in a sample was opened."""
    versions = await plan_versions(pool, subject.campaign_id)
    entries = await read_stream(pool, site_stream(subject.campaign_id, site))
    return case_of(versions, await read_site(pool, subject.campaign_id, site), subject.campaign.clock, entries)
