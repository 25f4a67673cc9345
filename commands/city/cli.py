"""A city: sign for the plan and for documents, deploy, and see the versions of its implementation opinion."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from commands.common.arguments import Misused, text_or_file
from commands.common.flags import PLAINLY, Flag, Sending
from commands.common.help_groups import CITY, RESTORATION, examples

cities = App()


@cities.command(
    group=CITY,
    help_epilogue=examples(
        "starter.py deploy henan-2021 410400 --submit @opinion.txt --points 31 --as li:city:410400",
        "starter.py deploy heilongjiang-market 230400 --submit 见各章 --chapters @chapters.md --as li:city:230400",
        "starter.py deploy henan-2021 410400 --return 'name the points in Lushan' --as wang:province:河南省",
        "starter.py deploy henan-2021 410400 --approve --as wang:province:河南省",
        "starter.py deploy hukou-2024 360400 --county 360429 --submit @opinion.txt --as li:county:360429",
        "starter.py deploy hukou-2024 360400 --county 360429 --approve --as zhao:city:360400",
    ),
)
async def deploy(
    campaign: str,
    city: str,
    /,
    *,
    submit: Annotated[str | None, Parameter(metavar="OPINION|@FILE")] = None,
    points: int | None = None,
    requirements: str | None = None,
    chapters: Annotated[str | None, Parameter(metavar="TEXT|@FILE")] = None,
    approve: Flag = False,
    return_: Annotated[str | None, Parameter(name="--return", metavar="REASON")] = None,
    county: str | None = None,
    township: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Submit a city's deployment, or decide on it as the province.

    The city submits its implementation opinion; the province approves it, which opens the city's sites, or returns
    it with a reason, and the city submits again. With --county it is a county's, which its city decides on; with
    --township a township's, which its county decides on.

    Args:
        campaign: The campaign's id.
        city: The city's code or name.
        submit: The implementation opinion, or @ and the file it stands in.
        points: How many rectification points it names (with --submit).
        requirements: The work requirements in short (with --submit).
        chapters: The chapters that the plan may demand, each under a heading `# 资金来源` (with --submit).
        approve: Approve what was submitted.
        return_: Return what was submitted, with this reason.
        county: A county of the city that deploys, by code or name.
        township: A township of it, by code or name.
    """
    from commands.common.sending import to_city
    from schemas import commands as cmd
    from services.city.chapters import read_chapters

    if [submit is not None, approve, return_ is not None].count(True) != 1:
        raise Misused("say one of --submit OPINION, --approve, --return REASON")
    if submit is None and (points is not None or requirements is not None or chapters is not None):
        raise Misused("--points, --requirements and --chapters belong to --submit")
    content: dict[str, Any] = {}
    submits, approves, returns = _deployment_commands(county, township)
    model: type[cmd.Command] = approves
    if submit is not None:
        model = submits
        content = {"opinion": text_or_file(submit), "points": points, "requirements": requirements}
        if chapters is not None:
            try:
                content["chapters"] = read_chapters(text_or_file(chapters))
            except ValueError as error:
                raise Misused(f"--chapters: {error}") from None
    elif return_ is not None:
        model, content = returns, {"reason": return_}
    return await to_city(campaign, city, model, sending, **content, **_below(county, township))


def _deployment_commands(county: str | None, township: str | None) -> tuple[type[Any], type[Any], type[Any]]:
    """Submission, approval and return, of the city or of a unit below it."""
    from schemas import commands as cmd
    from schemas.options import counties as below

    if county is not None:
        return below.SubmitCountyDeployment, below.ApproveCountyDeployment, below.ReturnCountyDeployment
    if township is not None:
        raise Misused("--township needs its --county")
    return cmd.SubmitDeployment, cmd.ApproveDeployment, cmd.ReturnDeployment


def _below(county: str | None, township: str | None) -> dict[str, str | None]:
    return {} if county is None else {"county": county, "township": township}


@cities.command(
    group=CITY,
    help_epilogue=examples(
        "starter.py receipt henan-2021 410400 --as li:city:410400",
        "starter.py receipt henan-2021 410400 --document '豫自然资督示例[2021]12号' --as li:city:410400",
        "starter.py receipt henan-2021 410400 --document '豫自然资督示例[2021]12号' --unit 平顶山市公安局（示例） "
        "--as li:city:410400",
        "starter.py receipt hukou-2024 360400 --county 360429 --as li:county:360429",
    ),
)
async def receipt(
    campaign: str,
    city: str,
    /,
    *,
    document: str | None = None,
    unit: str | None = None,
    county: str | None = None,
    township: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Sign for the plan, or for a document, in the name of a city or of one of its units.

    Without --unit it signs for the unit of whoever gives the command, where that
    is one of the document's units, and else for all that have not signed yet.

    Args:
        campaign: The campaign's id.
        city: The city's code or name.
        document: The document's number or key; without it the plan itself.
        unit: The unit that signs, as the document names it (with --document).
        county: A county of the city that signs for the plan, by code or name.
        township: A township of it, by code or name.
    """
    from commands.common.sending import to_city, to_document
    from schemas import commands as cmd
    from schemas.options.counties import SignCountyReceipt

    if township is not None and county is None:
        raise Misused("--township needs its --county")
    if county is not None:
        if document is not None or unit is not None:
            raise Misused("--county signs for the plan; a document is signed for with --document alone")
        return await to_city(campaign, city, SignCountyReceipt, sending, **_below(county, township))
    if document is None:
        if unit is not None:
            raise Misused("--unit belongs to --document; the city signs for the plan as a whole")
        return await to_city(campaign, city, cmd.SignReceipt, sending)
    return await to_document(campaign, document, cmd.SignReceipt, sending, city=city, unit=unit)


@cities.command(
    group=RESTORATION,
    help_epilogue=examples(
        "starter.py opinions heilongjiang-market",
        "starter.py opinions heilongjiang-market 230400 --full",
    ),
)
async def opinions(
    campaign: str,
    city: str | None = None,
    /,
    *,
    full: Flag = False,
    json: Flag = False,
) -> int:
    """List every version of the cities' implementation opinions, with the time that each side took.

    Args:
        campaign: The campaign's id.
        city: One city of it, by code or name.
        full: Print the text of each version and of its chapters too.
        json: Print a JSON array, texts included.
    """
    from commands.city.view import opinions_page
    from commands.common.connection import connected
    from commands.common.page import show
    from services.city.opinions import read_opinions
    from services.common.subjects import area_subject

    async with connected() as servers:
        pool = await servers.pool()
        subject = await area_subject(pool, campaign, city)
        show(opinions_page(await read_opinions(pool, subject), full), json)
    return 0
