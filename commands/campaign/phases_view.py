"""The phases of a campaign: dates, state, gates with what they lack, and milestones by city."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from commands.common.tables import table
from schemas.options.phases import GateCheck, Missing
from schemas.phase_status import PhaseStatus
from services.common.text import amount

_CHECKS = {
    GateCheck.SITES_SURVEYED: "sites surveyed",
    GateCheck.DEPLOYMENTS_APPROVED: "deployment approved",
    GateCheck.IN_WORK: "sites in work",
    GateCheck.CLOSED: "sites struck off",
}
_TOLD = ("", "told the governments", "told the deputy heads", "told the heads", "told the province")


def phases_in_words(phases: Sequence[PhaseStatus], names: Mapping[str, str]) -> list[RenderableType]:
    """A table of the phases, what unmet gates lack, and the milestones by city; nothing without phases."""
    if not phases:
        return []
    rows = [
        (one.id, one.title, one.starts_on, one.ends_on, one.state_in_words, _gate(one), _kept(one), one.holds)
        for one in phases
    ]
    acting = any(one.gate is not None or one.milestones or one.holds for one in phases)
    heads = ("phase", "title", "from", "to", "state", "gate", "milestones kept", "holds")
    shown = table(heads, rows) if acting else table(heads[:5], [row[:5] for row in rows])
    lacking = [line for one in phases for line in _lacking(one, names)]
    reached = [row for one in phases for row in _reached(one, names)]
    made: list[RenderableType] = [Text(), shown, *(Text(line) for line in lacking)]
    if reached:
        made += [Text(), table(("milestone of", "city", "asked", "reached", ""), reached, right=("asked", "reached"))]
    return made


def missing_in_words(one: Missing, names: Mapping[str, str]) -> str:
    """What a condition lacks: `平顶山市: sites in work 20 of 30, 27 asked (90 %)`."""
    whose = names.get(one.city, one.city) or "campaign"
    if one.rounds:
        return f"{whose}: survey rounds not added: {', '.join(one.rounds)}"
    if one.check is GateCheck.DEPLOYMENTS_APPROVED and one.city:
        return f"{whose}: deployment not approved"
    asked = f"{one.wanted:,} asked" + (f" ({amount(one.per_cent)} %)" if one.per_cent is not None else "")
    behind = f"; behind: {', '.join(names.get(code, code) for code in one.lagging)}" if one.lagging else ""
    return f"{whose}: {_CHECKS[one.check]} {one.have:,} of {one.of:,}, {asked}{behind}"


def _gate(one: PhaseStatus) -> str | None:
    if one.gate is None:
        return None
    if one.gate == "unmet" and one.told:
        return f"unmet, {_TOLD[one.told]}"
    return one.gate.replace("_", " ")


def _kept(one: PhaseStatus) -> str | None:
    return f"{one.kept} of {len(one.milestones)}" if one.milestones else None


def _lacking(one: PhaseStatus, names: Mapping[str, str]) -> Iterator[str]:
    yield from (f"gate of {one.id} lacks: {missing_in_words(missing, names)}" for missing in one.missing)


def _reached(one: PhaseStatus, names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for reached in one.milestones:
        unit = "ha" if reached.measure == "hectares" else "sites"
        yield (
            one.id,
            names.get(reached.city, reached.city),
            f"{amount(reached.per_cent)} % of {amount(reached.of)} {unit}",
            f"{amount(reached.have)} {unit}",
            "kept" if reached.kept else "missed",
        )
