"""Acceptance around the verdict: self-checks, experts' opinions, problems by themselves, sign-off."""

from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import Misused, text_or_file
from commands.common.flags import PLAINLY, Again, Flag, Opinion, Passed, Sending, ruled
from commands.common.help_groups import SUPERVISION as OFFICE
from commands.common.help_groups import examples

accepting = App()


@accepting.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py close-problem 410400-002 open_adit county --pass --as qian:county:410402",
        "starter.py close-problem 410400-002 open_pit county --return '围栏高度不足' --requirement fence_pit "
        "--as qian:county:410402",
    ),
)
async def close_problem(
    site: str,
    problem: str,
    level: str,
    /,
    *,
    passed: Passed = False,
    return_: Annotated[str | None, Parameter(name="--return", metavar="OPINION|@FILE")] = None,
    requirement: Again = (),
    sending: Sending = PLAINLY,
) -> int:
    """Accept one problem of a site by itself, or return it.

    In plans with the option closure a problem is accepted when its requirements
    are done, while work on the others goes on; the site as a whole passes only
    when all of them are. Who reported work at the site accepts none of it.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        problem: The problem's kind in the register.
        level: The level of the plan that accepts problems.
        passed: The problem is accepted.
        return_: It is not, for this reason (or @ and the file it stands in).
        requirement: A requirement that must be done again (with --return; may be repeated). Without it all of them.
    """
    from commands.common.sending import to_site
    from schemas.options.acceptance import CloseProblem

    verdict = ruled(passed, return_, requirement, other="--return")
    return await to_site(site, CloseProblem, sending, level=level, problem=problem, **verdict)


@accepting.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py self-check 410400-002 self --pass --as wu:enterprise:示例矿业",
        "starter.py self-check 410400-002 self --fail '警示牌缺两块' --requirement warning_signs "
        "--as wu:enterprise:示例矿业",
    ),
)
async def self_check(
    site: str,
    level: str,
    /,
    *,
    passed: Passed = False,
    fail: Opinion = None,
    requirement: Again = (),
    sending: Sending = PLAINLY,
) -> int:
    """Give the verdict of a self-check.

    It is made by a unit that did the work, by another person than those who
    reported it.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        level: The level's id in the plan.
        passed: The site passes.
        fail: The site fails, with this rectification opinion (or @ and the file it stands in).
        requirement: A requirement that must be done again (with --fail; may be repeated). Without it all of them.
    """
    from commands.common.sending import to_site
    from schemas.options.acceptance import SelfCheck

    return await to_site(site, SelfCheck, sending, level=level, **ruled(passed, fail, requirement))


@accepting.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py opinion 410400-002 city --pass '现场与资料相符' --as '专家01（示例）:expert:示例地质院'",
        "starter.py opinion 410400-002 city --fail @opinion.txt --as '专家01（示例）:expert:示例地质院'",
    ),
)
async def opinion(
    site: str,
    level: str,
    /,
    *,
    pass_: Annotated[str | None, Parameter(name="--pass", metavar="OPINION|@FILE")] = None,
    fail: Opinion = None,
    sending: Sending = PLAINLY,
) -> int:
    """Give an expert's opinion on a site.

    Only an expert who was drawn for the level gives one; `status --site` shows
    who was. The level's verdict waits for all of them.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        level: The level's id in the plan.
        pass_: The expert would pass the site, with this opinion (or @ and the file it stands in).
        fail: The expert would not, with this opinion (or @ and the file it stands in).
    """
    from commands.common.sending import to_site
    from schemas.options.acceptance import GiveOpinion

    said = fail if pass_ is None else pass_
    if said is None or (pass_ is not None and fail is not None):
        raise Misused("say one of --pass OPINION, --fail OPINION")
    return await to_site(site, GiveOpinion, sending, level=level, passed=pass_ is not None, opinion=text_or_file(said))


@accepting.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py replace-expert 410400-002 city '专家02（示例）' --reason 病假 --as li:city:410400",
    ),
)
async def replace_expert(
    site: str, level: str, expert: str, /, *, reason: Annotated[str, Parameter(metavar="REASON|@FILE")],
    sending: Sending = PLAINLY,
) -> int:  # fmt: skip
    """Have the next expert of the draw sit in place of one who gave no opinion.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        level: The level's id in the plan.
        expert: The expert's id, as `status --site` shows it.
        reason: Why (or @ and the file it stands in).
    """
    from commands.common.sending import to_site
    from schemas.options.acceptance import ReplaceExpert

    return await to_site(site, ReplaceExpert, sending, level=level, expert=expert, reason=text_or_file(reason))


@accepting.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py sign-off hukou-2024/HK-003 --agree --as zhou:department:湖口县自然资源局（示例）",
        "starter.py sign-off HK-003 --refuse '排水沟未接通' --requirement drainage "
        "--as wu:department:湖口县水利局（示例）",
    ),
)
async def sign_off(
    site: str,
    /,
    *,
    agree: Flag = False,
    refuse: Opinion = None,
    opinion: Opinion = None,
    requirement: Again = (),
    sending: Sending = PLAINLY,
) -> int:
    """Sign a site off for a coordinating department, after its last level.

    In plans with the option sign_off every department that the register names
    must agree before the site is struck off. One that refuses sends it back, as a
    failed level does. The department is the unit of whoever gives the command; it
    signs by a person who neither worked at the site nor judged it.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        agree: The department agrees that the site is struck off.
        refuse: It does not, for this reason (or @ and the file it stands in).
        opinion: What it remarks (with --agree).
        requirement: A requirement that must be done again (with --refuse; may be repeated). Without it all of them.
    """
    from commands.common.sending import to_site
    from schemas.options.sign_off import SignOff

    verdict = ruled(agree, refuse, requirement, opinion, flag="--agree", other="--refuse")
    return await to_site(site, SignOff, sending, **verdict)
