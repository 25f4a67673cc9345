"""A verdict as it is typed: one flag for it, one against it with its opinion, and what must be done again."""

from typing import Annotated, Any

from cyclopts import Parameter

from commands.common.arguments import Misused, text_or_file

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
