"""Documents and what people do with them: see, approve, reply, lift, send again; and the weekly briefing."""

from typing import Annotated, Literal

from cyclopts import App, Parameter

from commands.common.arguments import Misused, text_or_file
from commands.common.flags import PLAINLY, Day, Flag, Sending
from commands.common.help_groups import DOCUMENTS as OFFICE
from commands.common.help_groups import examples

documents_app = App()

State = Literal[
    "open", "unsigned", "overdue", "dead",
    "drafted", "rejected", "withdrawn", "issued", "sent", "receipted", "replied", "lifted", "failed",
]  # fmt: skip


@documents_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py documents henan-2021 --state overdue",
        "starter.py documents henan-2021 --unit 410400 --kind circular",
        "starter.py documents henan-2021 --unit 平顶山市公安局（示例） --state unsigned --json",
        "starter.py documents henan-2021 '豫自然资督示例[2021]12号'",
    ),
)
async def documents(
    campaign: str,
    document: str | None = None,
    /,
    *,
    unit: Annotated[str | None, Parameter(metavar="UNIT|CITY")] = None,
    state: State | None = None,
    kind: str | None = None,
    json: Flag = False,
) -> int:
    """List documents with receipts, replies, liftings and deliveries, or print one whole.

    Args:
        campaign: The id of a campaign, or of a programme for its own documents.
        document: A document's number or key: print it whole, with every date and who. The plan's number is that of
            a document in every city: they are listed, and --unit CITY prints one.
        unit: Those of a city (code or name), or of a unit that receives, signs or approves them.
        state: Those in this state. Also: open (something is still asked for), unsigned (a unit has not signed),
            overdue (approval, receipt, reply or lifting past its day), dead (a channel gave up).
        kind: Those of this kind, such as circular, or as the plan's language names it.
        json: Print a JSON array; of one document an object.
    """
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.documents.view import documents_page, named_page
    from services.documents.reading import find_documents, find_named
    from services.programme.subjects import issuer_subject

    if document is not None and (state, kind) != (None, None):
        raise Misused("--state and --kind narrow the list; one document is printed whole")
    async with connected() as servers:
        pool = await servers.pool()
        subject = await issuer_subject(pool, campaign)
        if document is not None:
            page = named_page(await find_named(pool, subject, document, unit))
        else:
            page = documents_page(await find_documents(pool, subject, unit, state, kind))
    show(page, json)
    return 0


@documents_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py approve henan-2021 410400:circular:3:2021-09-20 --as chen:province:专项行动办公室（示例）",
        "starter.py approve henan-2021 410400:circular:3:2021-09-20 --reject 'the sites are flooded' "
        "--as chen:province:专项行动办公室（示例）",
    ),
)
async def approve(
    campaign: str,
    document: str,
    /,
    *,
    reject: Annotated[str | None, Parameter(metavar="REASON")] = None,
    sending: Sending = PLAINLY,
) -> int:
    """Approve a drafted document, or reject it.

    Approved it goes out at the next dispatch hour, with what is still overdue.
    Rejected its sites stay on the rung before, with a fresh grace.
    The unit of --as must be the approver, or the approver's superior.

    Args:
        campaign: The campaign's id.
        document: The draft's key, or the number of the request for its approval.
        reject: Do not let it go out, for this reason.
    """
    from commands.common.sending import to_document
    from schemas import commands as cmd

    if reject is not None:
        return await to_document(campaign, document, cmd.Reject, sending, reason=reject)
    return await to_document(campaign, document, cmd.Approve, sending)


@documents_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py countersign henan-2021 410400:circular:3:2021-09-20 --as zhao:province:河南省公安厅"
    ),
)
async def countersign(campaign: str, document: str, /, *, sending: Sending = PLAINLY) -> int:
    """Sign the draft of a joint instrument for an agency that issues it.

    Signed by every agency, and approved where the plan asks for that too, it goes out at the next dispatch hour.
    The unit of --as must be that agency; a second signature of the same agency changes nothing.

    Args:
        campaign: The campaign's id.
        document: The draft's key, or the number of the request to sign it.
    """
    from commands.common.sending import to_document
    from schemas import commands as cmd

    return await to_document(campaign, document, cmd.Countersign, sending)


@documents_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py reply henan-2021 '豫自然资督示例[2021]12号' 'sealed by October' --complete-by 2021-10-08 "
        "--as li:city:410400",
        "starter.py reply henan-2021 '豫自然资督示例[2021]12号' @reply.txt --unit 平顶山市人民政府（示例） "
        "--as li:city:410400",
    ),
)
async def reply(
    campaign: str,
    document: str,
    text: Annotated[str, Parameter(name="TEXT|@FILE")],
    /,
    *,
    complete_by: Day = None,
    unit: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Send the city's written reply to a document.

    Where the plan says so, the reply stops the climb of the document's sites until the day it promises. The last reply
    counts, also with an earlier day, within the plan's limit from the first; one without a day holds only as long as
    the plan says for that.

    Args:
        campaign: The campaign's id.
        document: The document's number or key.
        text: The reply, or @ and the file it stands in.
        complete_by: The day by which everything is promised to be done.
        unit: The unit that replies, as the document names it.
    """
    from commands.common.sending import to_document
    from schemas import commands as cmd

    return await to_document(
        campaign, document, cmd.SendReply, sending, text=text_or_file(text), complete_by=complete_by, unit=unit
    )


@documents_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py lift henan-2021 '豫自然资督示例[2021]31号' --reason 'accepted' --as chen:province:河南省自然资源厅"
    ),
)
async def lift(campaign: str, document: str, /, *, reason: str, sending: Sending = PLAINLY) -> int:
    """Lift a document: nothing is asked for under it any more.

    What was listed or published is lifted as openly, by a document of its own.

    Args:
        campaign: The campaign's id.
        document: The document's number or key.
        reason: Why.
    """
    from commands.common.sending import to_document
    from schemas import commands as cmd

    return await to_document(campaign, document, cmd.Lift, sending, reason=reason)


@documents_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py resend henan-2021 '豫自然资督示例[2021]12号' --channel e-mail --as chen:province:河南省",
        "starter.py resend henan-2021 --all --as chen:province:河南省",
    ),
)
async def resend(
    campaign: str,
    document: str | None = None,
    /,
    *,
    channel: str | None = None,
    all_: Annotated[bool, Parameter(name="--all", negative="", show_default=False)] = False,
    sending: Sending = PLAINLY,
) -> int:
    """Send again what a channel gave up (a dead letter).

    Args:
        campaign: The campaign's id.
        document: The document's number or key.
        channel: Through this channel only.
        all_: Every dead letter of the campaign.
    """
    from commands.common.answers import tell
    from commands.common.connection import connected
    from commands.documents.resent_view import tell_resent
    from services.documents import sending as service

    if (document is not None) == all_:
        raise Misused("say which DOCUMENT, or --all")
    if document is not None:
        async with connected() as servers:
            return tell(await service.resend(servers, campaign, document, sending, channel), sending)
    if sending.command_id is not None:
        raise Misused("--command-id belongs to one document; each of --all is a command of its own")
    async with connected() as servers:
        resent = await service.resend_all(servers, campaign, sending, channel)
    tell_resent(campaign, resent, channel, sending.json)
    return 0


@documents_app.command(
    group=OFFICE,
    help_epilogue=examples("starter.py briefing henan-2021", "starter.py briefing henan-2021 --week 12 --json"),
)
async def briefing(campaign: str, /, *, week: int | None = None, json: Flag = False) -> int:
    """Show a weekly briefing as it was frozen, and work it out again.

    Args:
        campaign: The campaign's id.
        week: The campaign's week; the newest by default.
        json: Print one JSON object.
    """
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.documents.briefing_view import briefing_page
    from services.common.subjects import campaign_subject
    from services.documents.briefing import read_briefing

    async with connected() as servers:
        pool = await servers.pool()
        show(briefing_page(await read_briefing(pool, await campaign_subject(pool, campaign), week)), json)
    return 0
