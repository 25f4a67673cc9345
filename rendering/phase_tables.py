"""The tables of a phase's summary and of its unmet gate: measures, milestones, and what is lacking, by unit."""

from collections.abc import Iterator

from rendering.facts import Facts
from rendering.letter import Table, one_line
from schemas.options.phases import Missing, PhaseMeasures, Reached
from schemas.quantity import grouped

_MEASURES = (3, 2, 2, 2, 2, 2, 3)
_MILESTONES = (3, 4, 3, 2)
_LACKING = (3, 4, 2, 2, 3)


def phase_tables(facts: Facts) -> tuple[Table, ...]:
    """The tables of one city, or of all; those of a document about an unmet gate are its conditions alone."""
    words, data = facts.wording.words.phases, facts.draft.data
    measured = [PhaseMeasures.model_validate(one) for one in data.get("cities", ())]
    reached = [Reached.model_validate(one) for one in data.get("milestones", ())]
    lacking = [Missing.model_validate(one) for one in data["lacking"]]
    return (
        Table(words.measures_title, words.measures, tuple(_measured(facts, measured)), _MEASURES),
        Table(words.milestones_title, words.milestones, tuple(_reached(facts, reached)), _MILESTONES),
        Table(words.lacking_title, words.lacking, tuple(_lacking(facts, lacking)), _LACKING),
    )


def _measured(facts: Facts, cities: list[PhaseMeasures]) -> Iterator[tuple[str, ...]]:
    words = facts.wording.words
    for city in cities:
        deployed = words.phases.approved if city.deployed else words.phases.not_approved
        yield (one_line(city.name), deployed, *_counts(city))
    if len(cities) > 1:
        whole = PhaseMeasures(code="", name=words.total)
        for name in ("sites", "in_work", "closed", "hectares", "hectares_closed"):
            setattr(whole, name, sum(getattr(city, name) for city in cities))
        yield (words.total, "", *_counts(whole))


def _counts(one: PhaseMeasures) -> tuple[str, ...]:
    return (str(one.sites), str(one.in_work), str(one.closed), grouped(one.hectares), grouped(one.hectares_closed))


def _reached(facts: Facts, milestones: list[Reached]) -> Iterator[tuple[str, ...]]:
    words = facts.wording.words.phases
    for one in milestones:
        asked = words.asked[one.measure].format(per_cent=grouped(one.per_cent))
        result = words.kept if one.kept else words.missed
        yield (facts.city_name(one.city), asked, f"{grouped(one.have)} / {grouped(one.of)}", result)


def _lacking(facts: Facts, lacking: list[Missing]) -> Iterator[tuple[str, ...]]:
    words = facts.wording.words
    for one in lacking:
        unit = facts.city_name(one.city) if one.city else words.phases.campaign
        condition = words.phases.checks[one.check]
        if one.per_cent is not None:
            condition += f" {grouped(one.per_cent)}%"
        behind = words.separator.join(facts.city_name(code) for code in one.lagging)
        if one.rounds:
            behind = words.phases.rounds + words.colon + words.separator.join(one.rounds)
        have, lacks = f"{one.have} / {one.of}", str(one.lacking)
        yield (unit, one_line(condition), have, lacks, behind)
