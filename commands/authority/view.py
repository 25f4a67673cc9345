"""The authority table for people: which role of which unit may send which command at which stage."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Group
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import table
from rules.authority import Rule, rules_of
from rules.terms.rights import offices_with_rights
from schemas.errors import NotFound
from schemas.permit import Permit, Whose
from schemas.permits import PERMITS
from schemas.plan import Plan
from schemas.stages import Stages

RELATIONS: dict[Whose, str] = {
    Whose.ANY: "any unit",
    Whose.PROVINCE: "the province, an issuing agency, an office that approves for it",
    Whose.SUPERVISION: "a supervision group of the plan, or an office of the province",
    Whose.CITY: "the city: its code, name, government, a bureau or an office that the plan names",
    Whose.POLICE: "the police bureau of the site's case, or the agency that leads the police track; of a city, the "
    "office that takes the cases of its joint group",
    Whose.GROUP: "an office of the city's joint group",
    Whose.GROUP_LEADER: "the office that leads the city's joint group",
    Whose.COUNTY: "the site's county; of a deployment the county that deploys, or the county above the township",
    Whose.TOWNSHIP: "the site's township; of a deployment the township that deploys",
    Whose.ENTERPRISE: "the site's building enterprise",
    Whose.DEPARTMENT: "a coordinating department of the site, or the department that is called",
    Whose.RESPONSIBLE: "a unit responsible for the site or a requirement, or asked to take over",
    Whose.OTHER_COUNTY: "a county of the campaign, but not the site's own",
    Whose.AGENCY: "an agency that issues the plan; it signs for itself alone",
}
_SHORT: dict[Whose, str] = {
    Whose.ANY: "any",
    Whose.ENTERPRISE: "building enterprise",
    Whose.DEPARTMENT: "coordinating department",
    Whose.GROUP: "joint group",
    Whose.GROUP_LEADER: "leader of the group",
    Whose.RESPONSIBLE: "responsible unit",
    Whose.OTHER_COUNTY: "other county",
    Whose.AGENCY: "issuing agency",
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

**Departments.** A rule may need a right of the office that the actor acts for, in the province, a city or a county:

- **plan**: sign, amend and stop the plan; every issuing agency has it.
- **works**: deploy, decide on deployments, report, judge, suspend, account.
- **cases**: take and decide police cases.
- **approvals**: approve documents, decide on extensions.

The plan says the rights of an office (`rights: [works]` on an agency, a recipient or an approver). Where it says none
they follow from what the office is there for: the police agency and bureaus of `police_track` have cases (the agency
also plan), an office that approves and its superior have approvals, and every other office has all. A rule without a
right is for every office of its relation: each signs for, answers and lifts its own documents. A refusal names what the
office has:

    rule verify/city: verify is for offices with the right works; qian acts for 平顶山市公安局, which has: cases

    .venv/bin/python starter.py authority --plan PLAN.yaml      # the offices of a plan, and what each may do

**Supervisors** act for an office of the province, or for a supervision group that the plan names (`supervision`).

## Units

{relations}

A unit counts by any of the names that the plan and the register give it. Who signs, replies to, approves or lifts a
document is a unit of that document; the rules of documents compare it.

## The table

{table}
"""

HEADS = ("rule", "command", "role", "unit", "right", "stages")


class Row(NamedTuple):
    """One rule as text."""

    rule: str
    command: str
    role: str
    unit: str
    right: str
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


def offices_page(plan: Plan) -> Page:
    """The offices of a plan that may not do all, and their rights."""
    known = {name: [str(right) for right in rights] for name, rights in offices_with_rights(plan).items()}
    shown = table(
        ("office", "rights"), [(name, ", ".join(rights)) for name, rights in known.items()], whole=("office",)
    )
    return Page(known, Group(shown, Text("every other office of the plan may do all that its relation allows")))


def markdown() -> str:
    """The page docs/authority.md: an explanation and the table."""
    relations = (f"- **{_SHORT.get(whose, whose.value)}**: {words}" for whose, words in RELATIONS.items())
    heads = ("| " + " | ".join(HEADS[:1] + HEADS[2:]) + " |", "|" + "---|" * (len(HEADS) - 1))
    lines = (f"| `{row.rule}` | {row.role} | {row.unit} | {row.right} | {row.stages} |" for row in rows())
    return _PAGE.format(relations="\n".join(relations), table="\n".join((*heads, *lines)))


def _row(rule: Rule) -> Row:
    permit = rule.permit
    return Row(rule.name, rule.command, permit.role, _unit(permit), permit.right or "", _stages(permit.stages))


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
