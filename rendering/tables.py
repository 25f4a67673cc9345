"""The tables of documents: sites, overdue documents, patrol duties, and the ranking of a weekly briefing."""

from collections.abc import Iterator

from rendering.facts import Facts
from rendering.letter import Table, one_line
from rendering.sandbox import render_sentence
from rendering.wording import Sentences
from schemas.options.briefing import FrozenBriefing, Measures, RankedCity

_SITES = (0, 0, 3, 3, 0, 5)
_DOCUMENTS = (0, 4, 3, 0, 0, 4)
_PATROL = (0, 4, 3, 3, 2)
_HIGH_HAZARD = (0, 0, 3, 2, 2, 3, 0, 3)
_RANKING = (0, 3, 2, 2, 2, 2, 3)
_NEWLY_FOUND = (3, 2, 2, 2, 3)
_SUSPENSIONS = (3, 2, 2, 2, 2)


def tables(facts: Facts, sentences: Sentences) -> tuple[Table, ...]:
    """The tables of a document; empty ones are left out."""
    made: tuple[Table, ...]
    if facts.draft.kind == "briefing":
        made = _briefing(facts)
    elif "documents" in facts.draft.data:
        made = (_documents(facts, sentences),)
    elif facts.draft.kind == "high_hazard_list":
        made = (_high_hazard(facts),)
    elif facts.draft.kind == "patrol_overdue":
        made = (_patrol(facts, sentences),)
    elif sentences.line is not None:
        made = (_sites(facts, sentences, sentences.line),)
    else:
        made = ()
    return tuple(table for table in made if table.rows)


def _sites(facts: Facts, sentences: Sentences, sentence: str) -> Table:
    words = facts.wording.words
    rows = []
    for number, line in enumerate(facts.lines, 1):
        variables = facts.of_line(line)
        due_on = str(variables["due_on"] or words.none)
        due_on += facts.of_clause(line) if variables["due_on"] else ""
        texts = (line.site_id, line.name, line.county, due_on, render_sentence(sentence, variables))
        rows.append((str(number), *(one_line(text) for text in texts)))
    return Table("", (*words.columns, sentences.line_heading or words.line_heading), tuple(rows), _SITES)


def _documents(facts: Facts, sentences: Sentences) -> Table:
    words = facts.wording.words
    rows = tuple(
        (
            str(number),
            one_line(one.get("number") or words.none),
            facts.name_of(one["kind"]),
            facts.written_day(one["issued_on"]),
            facts.until(one["due"], one.get("clauses")),
            one_line(words.separator.join(one["units"])),
        )
        for number, one in enumerate(facts.draft.data["documents"], 1)
    )
    return Table("", (*words.documents, sentences.line_heading or words.line_heading), rows, _DOCUMENTS)


def _high_hazard(facts: Facts) -> Table:
    """The open sites of high hazard: stage, deadline with its clause, days left, and who is responsible."""
    words = facts.wording.words
    rows = []
    for number, one in enumerate(facts.draft.data["lines"], 1):
        due = facts.until(one["due"], one.get("clauses")) if one["due"] else words.none
        stage = words.stages.get(one["stage"], one["stage"])
        if one["suspended"]:
            stage = f"{stage}{words.separator}{words.stages['suspended']}"
        left = str(facts.days_left(one["due"])) if one["due"] else words.none
        responsible = words.separator.join(one["responsible"]) or words.none
        texts = (one["site"], one["name"], one["county"], stage, due, left, responsible)
        rows.append((str(number), *(one_line(text) for text in texts)))
    return Table("", words.high_hazard, tuple(rows), _HIGH_HAZARD)


def _patrol(facts: Facts, sentences: Sentences) -> Table:
    """First the duties, then the requirements that were to be inspected again, by site."""
    words, data = facts.wording.words, facts.draft.data
    found = [(one["title"], words.none, one, str(one["periods"])) for one in data["duties"]]
    found += [(facts.title_of(one["requirement"]), one["site"], one, "1") for one in data["look_backs"]]
    rows = tuple(
        (str(number), one_line(what), one_line(site), facts.until(one["due"], one.get("clauses")), periods)
        for number, (what, site, one, periods) in enumerate(found, 1)
    )
    return Table("", (*words.patrol, sentences.line_heading or words.line_heading), rows, _PATROL)


def _briefing(facts: Facts) -> tuple[Table, ...]:
    words = facts.wording.words
    frozen = FrozenBriefing.model_validate(facts.draft.data)
    ranking = [(city.rank, city.score, city.name, city.baseline) for city in frozen.cities]
    rows = [
        (str(rank or words.none), one_line(name), score or words.none, *_counted(counts))
        for rank, score, name, counts in ranking
    ]
    rows.append(("", words.total, "", *_counted(frozen.total_baseline)))
    found: list[RankedCity] = [city for city in frozen.cities if city.newly_found.sites]
    found_rows = [(one_line(city.name), *_counted(city.newly_found)) for city in found]
    if found_rows:
        found_rows.append((words.total, *_counted(frozen.total_newly_found)))
    return (
        Table(words.ranking_title, words.ranking, tuple(rows), _RANKING),
        Table(words.newly_found_title, words.newly_found, tuple(found_rows), _NEWLY_FOUND),
        Table(words.suspensions_title, words.suspensions, tuple(_stood_still(frozen)), _SUSPENSIONS),
    )


def _stood_still(frozen: FrozenBriefing) -> Iterator[tuple[str, ...]]:
    """A row for each city of which a site was ever suspended."""
    for city in frozen.cities:
        if (sums := city.suspensions) is not None:
            own = (str(sums.sites_by_city), f"{sums.days_by_city:g}")
            yield (one_line(city.name), *own, str(sums.sites_by_province), f"{sums.days_by_province:g}")


def _counted(counts: Measures) -> tuple[str, str, str, str]:
    work = f"{counts.requirements_done}/{counts.requirements}"
    return (str(counts.sites), str(counts.closed), str(counts.overdue), work)
