"""The authority table for people: which role of which unit may send which command at which stage."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from commands.common.page import Page
from commands.common.tables import table
from rules.authority import Rule, rules_of
from schemas.errors import NotFound
from schemas.permit import Permit, Whose
from schemas.permits import PERMITS
from schemas.stages import Stages

RELATIONS: dict[Whose, str] = {
    Whose.ANY: "any unit",
    Whose.PROVINCE: "the province, an issuing agency, an office that approves for it",
    Whose.SUPERVISION: "a supervision group of the plan, or an office of the province",
    Whose.CITY: "the city: its code, name, government, a bureau or an office that the plan names",
    Whose.COUNTY: "the site's county: its code, its name, or an office that the plan names",
    Whose.TOWNSHIP: "the site's township: its code, name, or office",
    Whose.ENTERPRISE: "the site's building enterprise",
    Whose.DEPARTMENT: "a coordinating department of the site",
    Whose.POLICE: "the police bureau of the site's case, or the agency that leads the police track",
    Whose.RESPONSIBLE: "a unit responsible for the site or a requirement, or asked to take over",
    Whose.OTHER_COUNTY: "a county of the campaign, but not the site's own",
}
_SHORT: dict[Whose, str] = {
    Whose.ANY: "any",
    Whose.ENTERPRISE: "building enterprise",
    Whose.DEPARTMENT: "coordinating department",
    Whose.RESPONSIBLE: "responsible unit",
    Whose.OTHER_COUNTY: "other county",
}

_PAGE = """# Who may do what

One table (`rules/authority.py`) says which role of which unit may send which command at which stage. This page is
made from it by `starter.py authority --markdown`; a test compares the two.

    .venv/bin/python starter.py authority                       # the whole table
    .venv/bin/python starter.py authority complete_task         # the rules of one command, by its wire name
    .venv/bin/python starter.py authority --role department     # what one role may do

**How a command is judged.** First the role: a command has rules for some roles and for no others. Then the unit: the
actor's unit (`--as id:role:unit`) must be one that the rule's relation names at this subject. Then the stage. Then the
rule of the command itself: other hands for each level, the right document, the right day. Where several rules of a
role stand, one that holds is enough. A refusal by role or unit names the rule:

    rule verify/county: verify by the role county is for the county of its subject (410402); qian acts for 410403
    rule complete_task/*: complete_task is for the roles city, county, enterprise; wu acts as department

**Enterprise and department.** Where the register names a building enterprise for a site, that one alone reports work
there; a city or a county reports only where none is named. A department signs and never reports; an enterprise reports
and never signs.

**Supervisors** act for an office of the province, or for a supervision group that the plan names (`supervision`).

## Units

{relations}

A unit counts by any of the names that the plan and the register give it. Who signs, replies to, approves or lifts a
document is a unit of that document; the rules of documents compare it.

## The table

{table}
"""

HEADS = ("rule", "command", "role", "unit", "stages")


class Row(NamedTuple):
    """One rule as text."""

    rule: str
    command: str
    role: str
    unit: str
    stages: str


def rows(command: str | None = None, role: str | None = None) -> Iterator[Row]:
    """The rules of one command or all, of one role or all; NotFound lists the known commands."""
    if command is not None and command not in PERMITS:
        raise NotFound(f"command {command}: there is none of this name. There are: {', '.join(sorted(PERMITS))}")
    for kind in PERMITS if command is None else (command,):
        for rule in rules_of(kind):
            if role is None or rule.permit.role == role:
                yield _row(rule)


def authority_page(command: str | None, role: str | None) -> Page:
    """The rules as a table, and as objects."""
    found = list(rows(command, role))
    return Page([row._asdict() for row in found], table(HEADS, found, whole=HEADS[:3]))


def markdown() -> str:
    """The page docs/authority.md: an explanation and the table."""
    relations = (f"- **{_SHORT.get(whose, whose.value)}**: {words}" for whose, words in RELATIONS.items())
    heads = ("| " + " | ".join(HEADS[:1] + HEADS[2:]) + " |", "|" + "---|" * (len(HEADS) - 1))
    lines = (f"| `{row.rule}` | {row.role} | {row.unit} | {row.stages} |" for row in rows())
    return _PAGE.format(relations="\n".join(relations), table="\n".join((*heads, *lines)))


def _row(rule: Rule) -> Row:
    permit = rule.permit
    return Row(rule.name, rule.command, permit.role, _unit(permit), _stages(permit.stages))


def _unit(permit: Permit) -> str:
    unit = _SHORT.get(permit.whose, permit.whose.value)
    if permit.unless is None:
        return unit
    return f"{unit}, where no {_SHORT.get(permit.unless, permit.unless.value)} is named"


def _stages(stages: Stages) -> str:
    parts: list[str] = []
    for subject, names in zip(Stages._fields, stages, strict=True):
        if names:
            parts.append(f"{subject.replace('_', ' ')}: {_listed(names)}")
    return "; ".join(parts)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
