"""A county that leads: it calls departments, and they answer."""

from cyclopts import App

from commands.common.arguments import text_or_file
from commands.common.flags import PLAINLY, Day, Sending
from commands.common.help_groups import CITY, examples

counties = App()


@counties.command(
    group=CITY,
    help_epilogue=examples(
        "starter.py call hukou-2024 360429 湖口县林业局（示例） --matter 核定林地范围 --as li:county:360429",
        "starter.py call hukou-2024 360429 湖口县林业局（示例） --matter @matter.txt --site HK-003 --due 2024-03-22 "
        "--as li:county:360429",
    ),
)
async def call(
    campaign: str,
    county: str,
    department: str,
    /,
    *,
    matter: str,
    site: str | None = None,
    due: Day = None,
    sending: Sending = PLAINLY,
) -> int:
    """Call a department as the government of a county that leads.

    The department gets a document, and answers with `answer`. Silence is told to
    the county, then level by level upward.

    Args:
        campaign: The campaign's id.
        county: The county's code or name.
        department: The department, by its name.
        matter: What it is called for, or @ and the file it stands in.
        site: The site that it is about.
        due: The day by which it answers; without it the plan's clause.
    """
    from commands.common.sending import to_county
    from schemas.options.calls import CallDepartment

    said = {"department": department, "matter": text_or_file(matter), "site": site, "due": due}
    return await to_county(campaign, county, CallDepartment, sending, **said)


@counties.command(
    group=CITY,
    help_epilogue=examples(
        "starter.py answer hukou-2024 360429 360429-1 已核定 --as chen:department:湖口县林业局（示例）",
    ),
)
async def answer(campaign: str, county: str, number: str, text: str, /, *, sending: Sending = PLAINLY) -> int:
    """Answer a call as the department that was called.

    Args:
        campaign: The campaign's id.
        county: The county that called, by its code or name.
        number: The call's number, as its document and the status of the city have it.
        text: The answer, or @ and the file it stands in.
    """
    from commands.common.sending import to_city_of_county
    from schemas.options.calls import AnswerCall

    return await to_city_of_county(campaign, county, AnswerCall, sending, call=number, text=text_or_file(text))
