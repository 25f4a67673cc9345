"""Flags that several commands share: how a command is sent, and a verdict."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Group, Parameter, validators

from commands.common.arguments import Misused, a_day, a_time, reads, seconds, text_or_file
from intake.files.grid import TablePlace
from schemas.given_time import GivenDay, GivenTime
from services.common.send_options import SendOptions


@Parameter(name="*", group=Group("Giving the command", sort_key=9))
@dataclass(frozen=True)
class Sending(SendOptions):
    """How a command is given; the same flags for every one."""

    as_: Annotated[str | None, Parameter(name="--as", metavar="ID:ROLE:UNIT")] = None
    """Who gives it; without it HUNDRED_DAYS_ACTOR says so."""

    at: Annotated[
        GivenTime | None, Parameter(converter=reads(a_time), n_tokens=1, metavar="TIME", show_choices=False)
    ] = None
    """When it happened: 2021-08-20T16:00, 16:00, or a day (its last minute, or now), by the campaign's clock."""

    command_id: Annotated[str | None, Parameter(metavar="ID")] = None
    """The command's own id; the same id twice is one command. A new one by default."""

    signal: Annotated[bool, Parameter(negative="", show_default=False)] = False
    """Send it and do not wait for the verdict."""

    wait: Annotated[float, Parameter(converter=reads(seconds), metavar="DURATION", show_default=lambda _: "5s")] = 5.0
    """How long to wait for the verdict; then the command is kept as a signal."""

    json: Annotated[bool, Parameter(negative="", show_default=False)] = False
    """Print one JSON object: command_id, verdict (accepted, duplicate, refused, kept), reason, state."""


@Parameter(name="*", group=Group("Where the register's table is", sort_key=8))
@dataclass(frozen=True)
class RegisterTable(TablePlace):
    """Where the table of a register is; without these flags it is looked for."""

    sheet: Annotated[str | None, Parameter(metavar="NAME|NUMBER")] = None
    """The sheet of a workbook, by name or by number from 1; else the first that has the columns."""

    header_row: Annotated[int | None, Parameter(validator=validators.Number(gte=1), metavar="ROW")] = None
    """The row of the column names; else the one among the first 20 that names most of them."""


FOUND = RegisterTable()
"""No flag given: the table is looked for."""

PLAINLY = Sending()
"""No flag given."""

Starter = Annotated[str | None, Parameter(name="--as", metavar="ID:ROLE:UNIT")]
Flag = Annotated[bool, Parameter(negative="", show_default=False)]
Day = Annotated[GivenDay | None, Parameter(converter=reads(a_day), n_tokens=1, metavar="DAY", show_choices=False)]
RequiredDay = Annotated[GivenDay, Parameter(converter=reads(a_day), n_tokens=1, show_choices=False)]
MapFile = Annotated[Path | None, Parameter(name="--map")]
Passed = Annotated[bool, Parameter(name="--pass", negative="", show_default=False)]
Opinion = Annotated[str | None, Parameter(metavar="OPINION|@FILE")]
Again = Annotated[tuple[str, ...], Parameter(name="--requirement", negative="", metavar="ID")]


def ruled(
    passed: bool,
    against: str | None,
    again: tuple[str, ...],
    remark: str | None = None,
    *,
    flag: str = "--pass",
    other: str = "--fail",
) -> dict[str, Any]:
    """The content of a command that passes or fails: `passed`, `opinion` and `failed_requirements`.

    `flag` and `other` are the two flags, one of which must be said. Misused for none or both of them, and for what
    does not go with the one that is said.
    """
    if passed == (against is not None):
        raise Misused(f"say one of {flag}, {other} OPINION")
    if passed and again:
        raise Misused(f"--requirement belongs to {other}")
    if not passed and remark is not None:
        raise Misused(f"--opinion belongs to {flag}; {other} has its own")
    said = remark if passed else against
    opinion = None if said is None else text_or_file(said)
    return {"passed": passed, "opinion": opinion, "failed_requirements": again}
