"""The command `authority`: the table by which every command is judged."""

from pathlib import Path

from cyclopts import App

from commands.common.flags import Flag
from commands.common.help_groups import SUPERVISION as OFFICE
from commands.common.help_groups import examples

authority_app = App()


@authority_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py authority",
        "starter.py authority complete_task",
        "starter.py authority --role department --json",
        "starter.py authority --plan examples/henan-2021/plan.yaml",
    ),
)
async def authority(
    command: str | None = None,
    /,
    *,
    role: str | None = None,
    plan: Path | None = None,
    markdown: Flag = False,
    json: Flag = False,
) -> int:
    """Show which role of which unit may send which command at which stage.

    Every refusal names its rule, such as verify/county; docs/authority.md has the whole table.

    Args:
        command: One command by its wire name, such as complete_task; without it all.
        role: One role only.
        plan: Show instead which offices of this plan have which rights.
        markdown: Print the page of the docs, with the whole table.
        json: Print a JSON array.
    """
    from commands.authority.view import authority_page
    from commands.authority.view import markdown as whole_page
    from commands.common.arguments import Misused
    from commands.common.page import show
    from services.common.send_options import ROLES

    if plan is not None:
        if markdown or command is not None or role is not None:
            raise Misused("--plan shows the offices of a plan, and goes with --json alone")
        from commands.authority.view import offices_page
        from commands.common.faults import faults_shown
        from services.campaign.checking import sound_plan

        with faults_shown(json):
            show(offices_page(sound_plan(plan)), json)
        return 0
    if markdown:
        if json or command is not None or role is not None:
            raise Misused("--markdown prints the whole page, and goes with nothing else")
        print(whole_page(), end="")
        return 0
    if role is not None and role not in ROLES:
        raise Misused(f"--role: there is no role {role!r}; the roles are {', '.join(ROLES)}")
    show(authority_page(command, role), json)
    return 0
