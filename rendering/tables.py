"""The tables of documents: sites, overdue documents, patrol duties, and the ranking of a weekly briefing."""

from collections.abc import Iterator

from rendering.facts import Facts
from rendering.letter import Table, one_line
from rendering.sandbox import render_sentence
from rendering.wording import Sentences
from schemas.documents.delivery import NoticeLine
from schemas.options.briefing import FrozenBriefing, Measures, RankedCity

_SITES = (0, 0, 3, 3, 0, 5)
_SITES_WITH_RESPONSIBLE = (0, 0, 3, 2, 4, 0, 5)
_DOCUMENTS = (0, 4, 3, 0, 0, 4)
_PATROL = (0, 4, 3, 3, 2)
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
    named = any(line.data.get("responsible") for line in facts.lines)
    for number, line in enumerate(facts.lines, 1):
        variables = facts.of_line(line)
        due_on = str(variables["due_on"] or words.none)
        who = (_responsible(facts, line),) if named else ()
        texts = (line.site_id, line.name, line.county, *who, due_on, render_sentence(sentence, variables))
        rows.append((str(number), *(one_line(text) for text in texts)))
    heads = (*words.columns[:-1], *((words.responsible,) if named else ()), words.columns[-1])
    widths = _SITES_WITH_RESPONSIBLE if named else _SITES
    return Table("", (*heads, sentences.line_heading or words.line_heading), tuple(rows), widths)


def _responsible(facts: Facts, line: NoticeLine) -> str:
    """The responsible unit of a line's site with its person, by the id."""
    unit, person = line.data.get("responsible") or (facts.wording.words.none, "")
    return f"{unit} {person}".strip()


def _documents(facts: Facts, sentences: Sentences) -> Table:
    words = facts.wording.words
    rows = tuple(
        (
            str(number),
            one_line(one.get("number") or words.none),
            facts.name_of(one["kind"]),
            facts.written_day(one["issued_on"]),
            facts.until(one["due"]),
            one_line(words.separator.join(one["units"])),
        )
        for number, one in enumerate(facts.draft.data["documents"], 1)
    )
    return Table("", (*words.documents, sentences.line_heading or words.line_heading), rows, _DOCUMENTS)


def _patrol(facts: Facts, sentences: Sentences) -> Table:
    """First the duties, then the requirements that were to be inspected again, by site."""
    words, data = facts.wording.words, facts.draft.data
    found = [(one["title"], words.none, one["due"], str(one["periods"])) for one in data["duties"]]
    found += [(facts.title_of(one["requirement"]), one["site"], one["due"], "1") for one in data["look_backs"]]
    rows = tuple(
        (str(number), one_line(what), one_line(site), facts.until(due), periods)
        for number, (what, site, due, periods) in enumerate(found, 1)
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
