"""The joint group that leads a city's patrol: its meetings, its resolutions, and the cases that it hands over."""

from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import Misused, text_or_file
from commands.common.flags import PLAINLY, Sending
from commands.common.help_groups import CITY as OFFICE
from commands.common.help_groups import examples

joint_group_app = App()

_LEADER = "--as zheng:department:漳平市水利局（示例）"
_POLICE = "--as lin:police:漳平市公安局（示例）"


@joint_group_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py meeting zhangping-2024 350881 --attended 漳平市公安局（示例） --attended 漳平市自然资源局（示例） "
        f"--note @minutes.txt --resolved '漳平市公安局（示例）: 加密夜间巡查' {_LEADER}",
        "starter.py meeting zhangping-2024 350881 --attended 漳平市公安局（示例） --attended 漳平市林业局（示例） "
        f"--note '复查破损封堵' --resolved '漳平市林业局（示例）: 补植 by 2024-10-20' {_LEADER}",
    ),
)
async def meeting(
    campaign: str,
    city: str,
    /,
    *,
    attended: Annotated[tuple[str, ...], Parameter(negative="", metavar="OFFICE")],
    note: Annotated[str, Parameter(metavar="TEXT|@FILE")],
    resolved: Annotated[tuple[str, ...], Parameter(negative="", metavar="'OFFICE: WHAT [by DAY]'")] = (),
    sending: Sending = PLAINLY,
) -> int:
    """Record a joint meeting: who came, and what was resolved by whom until when.

    It is the patrol's duty joint_meeting, and counts with a quorum of the group. The minutes go to all its offices.
    A resolution without a day is due by the plan's clause; who misses it is named in a document.

    Args:
        campaign: The campaign's id.
        city: The city's code or name.
        attended: An office that came beside the leader (may be repeated).
        note: What the minutes say, or @ and the file they stand in.
        resolved: What an office is to do, and by which day if not by the plan's clause (may be repeated).
    """
    from commands.common.sending import to_city
    from schemas.options.joint_group import HoldMeeting
    from services.patrol.resolutions import read_resolution

    try:
        resolutions = tuple(read_resolution(text) for text in resolved)
    except ValueError as error:
        raise Misused(str(error)) from None
    said = text_or_file(note)
    return await to_city(campaign, city, HoldMeeting, sending, attended=attended, note=said, resolutions=resolutions)


@joint_group_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py resolution zhangping-2024 350881 3 --done '夜间巡查4次' --as lin:department:漳平市公安局（示例）"
    ),
)
async def resolution(
    campaign: str,
    city: str,
    number: int,
    /,
    *,
    done: Annotated[str, Parameter(metavar="TEXT|@FILE")],
    sending: Sending = PLAINLY,
) -> int:
    """Report that a resolution of a joint meeting is done, as its office or the leader of the group.

    Args:
        campaign: The campaign's id.
        city: The city's code or name.
        number: The number of the resolution, as the minutes and `starter.py patrol` have it.
        done: What was done, or @ and the file it stands in.
    """
    from commands.common.sending import to_city
    from schemas.options.joint_group import ReportResolution

    return await to_city(campaign, city, ReportResolution, sending, number=number, note=text_or_file(done))


@joint_group_app.command(
    group=OFFICE,
    help_epilogue=examples(f"starter.py refer-case zhangping-2024 350881 4 --note '现场照片3张，笔录1份' {_LEADER}"),
)
async def refer_case(
    campaign: str,
    city: str,
    finding: int,
    /,
    *,
    note: Annotated[str, Parameter(metavar="TEXT|@FILE")],
    sending: Sending = PLAINLY,
) -> int:
    """Hand a suspected offence that the patrol found over to the office that takes cases (案件移送).

    With the last one that is open it is the patrol's duty case_transfer. The other side takes or returns it within
    the plan's clause (receive-case).

    Args:
        campaign: The campaign's id.
        city: The city's code or name.
        finding: The number of the finding.
        note: What is handed over with it, or @ and the file it stands in.
    """
    from commands.common.sending import to_city
    from schemas.options.joint_group import ReferCase

    return await to_city(campaign, city, ReferCase, sending, finding=finding, note=text_or_file(note))


@joint_group_app.command(
    group=OFFICE,
    help_epilogue=examples(
        f"starter.py receive-case zhangping-2024 350881 4 --take 漳公受案〔2024〕8号 {_POLICE}",
        f"starter.py receive-case zhangping-2024 350881 4 --return 缺少现场照片 {_POLICE}",
    ),
)
async def receive_case(
    campaign: str,
    city: str,
    finding: int,
    /,
    *,
    take: Annotated[str | None, Parameter(metavar="REFERENCE")] = None,
    back: Annotated[str | None, Parameter(name="--return", metavar="REASON")] = None,
    sending: Sending = PLAINLY,
) -> int:
    """Take a case that was handed over, with the number of its file, or return it with the reason.

    Args:
        campaign: The campaign's id.
        city: The city's code or name.
        finding: The number of the finding.
        take: The number of the file under which it is taken.
        back: Why it is returned; it is completed and handed over again.
    """
    if (take is None) == (back is None):
        raise Misused("say one of --take REFERENCE, --return REASON")
    from commands.common.sending import to_city
    from schemas.options.joint_group import ReceiveCase

    return await to_city(
        campaign, city, ReceiveCase, sending, finding=finding, accepted=take is not None, reference=take, reason=back
    )
