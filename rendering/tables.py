"""The tables of documents: sites, overdue documents, patrol duties, new targets, and the ranking of a briefing."""

from collections.abc import Iterable, Iterator

from rendering.facts import Facts
from rendering.letter import Table, one_line
from rendering.phase_tables import phase_tables
from rendering.programme_tables import PROGRAMME_TABLES
from rendering.sandbox import render_sentence
from rendering.wording import Sentences
from schemas.documents.delivery import NoticeLine
from schemas.options.briefing import FrozenBriefing, Measures, RankedUnit
from schemas.options.targets import TargetMove
from schemas.quantity import grouped

_SITES = (0, 0, 3, 3, 0, 5)
_SITES_WITH_RESPONSIBLE = (0, 0, 3, 2, 4, 0, 5)
_DOCUMENTS = (0, 4, 3, 0, 0, 4)
_PATROL = (0, 4, 3, 3, 2)
_OFFICES = (0, 8, 4, 3)
_COUNTIES = (0, 4, 3)
_CALLS = (0, 2, 3, 5, 2, 3)
_HIGH_HAZARD = (0, 0, 3, 2, 2, 3, 0, 3)
_PATCHES = (0, 3, 3, 5, 3)
_RANKING = (0, 3, 2, 2, 2, 2, 3)
_NEWLY_FOUND = (3, 2, 2, 2, 3)
_SUSPENSIONS = (3, 2, 2, 2, 2)
_TARGETS = (4, 3, 3)


def tables(facts: Facts, sentences: Sentences) -> tuple[Table, ...]:
    """The tables of a document; empty ones are left out."""
    made: tuple[Table, ...]
    if facts.draft.kind == "briefing":
        made = _briefing(facts)
    elif facts.draft.kind in PROGRAMME_TABLES:
        made = (PROGRAMME_TABLES[facts.draft.kind](facts),)
    elif facts.draft.kind == "target_change":
        made = (_target_change(facts),)
    elif "lacking" in facts.draft.data:
        made = phase_tables(facts)
    elif "documents" in facts.draft.data:
        made = (_documents(facts, sentences),)
    elif "counties" in facts.draft.data:
        made = (_counties(facts),)
    elif "calls" in facts.draft.data:
        made = (_calls(facts),)
    elif facts.draft.kind == "high_hazard_list":
        made = (_high_hazard(facts),)
    elif "patches" in facts.draft.data:
        made = (_patches(facts),)
    elif facts.draft.kind == "patrol_overdue":
        made = (_patrol(facts, sentences),)
    elif facts.draft.kind == "meeting_minutes":
        made = (_of_offices(facts, "resolutions", facts.wording.words.meeting),)
    elif facts.draft.kind == "group_overdue":
        made = (_of_offices(facts, "items", facts.wording.words.overdue_of_group),)
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
        due_on += facts.of_clause(line) if variables["due_on"] else ""
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
            facts.until(one["due"], one.get("clauses")),
            one_line(words.separator.join(one["units"])),
        )
        for number, one in enumerate(facts.draft.data["documents"], 1)
    )
    return Table("", (*words.documents, sentences.line_heading or words.line_heading), rows, _DOCUMENTS)


def _counties(facts: Facts) -> Table:
    """The counties and townships that owe something."""
    rows = tuple(
        (str(number), one_line(one["name"]), facts.until(one["due"], one.get("clauses")))
        for number, one in enumerate(facts.draft.data["counties"], 1)
    )
    return Table("", facts.wording.words.counties, rows, _COUNTIES)


def _calls(facts: Facts) -> Table:
    """The calls that a department has not answered."""
    rows = tuple(
        (
            str(number),
            one_line(one["call"]),
            one_line(one["department"]),
            one_line(one["matter"]),
            one_line(one["site"] or facts.wording.words.none),
            facts.until(one["due"], one.get("clauses")),
        )
        for number, one in enumerate(facts.draft.data["calls"], 1)
    )
    return Table("", facts.wording.words.calls, rows, _CALLS)


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


def _patches(facts: Facts) -> Table:
    """The patches and clues that are to be checked, by county; a document of a silence does not know their places."""
    found, none = facts.draft.data["patches"], facts.wording.words.none
    rows = tuple(
        (
            str(number),
            one_line(one["patch"]),
            one_line(one["county"]),
            one_line(one["place"] or none),
            facts.until(one["due"], one.get("clauses")),
        )
        for number, one in enumerate(sorted(found, key=lambda one: (one["county"], one["patch"])), 1)
    )
    return Table("", facts.wording.words.patches, rows, _PATCHES)


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


def _of_offices(facts: Facts, name: str, columns: tuple[str, ...]) -> Table:
    """What each office has to do, by when."""
    rows = tuple(
        (str(one["number"]), one_line(one["what"]), one_line(one["unit"]), facts.until(one["due"], one.get("clauses")))
        for one in facts.draft.data[name]
    )
    return Table("", columns, rows, _OFFICES)


def _target_change(facts: Facts) -> Table:
    """The city, then each county and its townships, with its target before and after."""
    words, plan = facts.wording.words, facts.frozen.plan
    names = {code: name for code, name in _target_names(facts) if name is not None}
    unit = facts.draft.data["unit"]
    rows = []
    for move in (TargetMove.model_validate(one) for one in facts.draft.data["targets"]):
        code = move.township or move.county
        name = names.get(code, code) if code else plan.city(facts.draft.city).name
        amounts = (f"{grouped(one)} {unit}" if one is not None else words.none for one in (move.before, move.after))
        rows.append((one_line(name), *amounts))
    return Table(words.target_change_title, words.target_change, tuple(rows), _TARGETS)


def _target_names(facts: Facts) -> Iterator[tuple[str, str | None]]:
    """Codes of counties and townships with the names that the plan's targets give them."""
    targets = facts.frozen.plan.targets
    for city in targets.cities if targets is not None else ():
        if city.code == facts.draft.city:
            for county in city.counties:
                yield county.code, county.name
                yield from ((one.code, one.name) for one in county.townships)


def _briefing(facts: Facts) -> tuple[Table, ...]:
    """The ranking of the cities, then the counties and townships of the addressed city with their ranks among all."""
    words = facts.wording.words
    frozen = FrozenBriefing.model_validate(facts.draft.data)
    rows = _ranked(facts, frozen.cities)
    rows.append(("", words.total, "", *_counted(frozen.total_baseline)))
    found: list[RankedUnit] = [city for city in frozen.cities if city.newly_found.sites]
    found_rows = [(one_line(city.name), *_counted(city.newly_found)) for city in found]
    if found_rows:
        found_rows.append((words.total, *_counted(frozen.total_newly_found)))
    below = [
        Table(
            words.ranking_below_title,
            (words.ranking[0], words.ranking_below[level.level], *words.ranking[2:]),
            tuple(_ranked(facts, [unit for unit in level.units if unit.city == facts.draft.city])),
            _RANKING,
        )
        for level in frozen.below
    ]
    return (
        Table(words.ranking_title, words.ranking, tuple(rows), _RANKING),
        *below,
        Table(words.newly_found_title, words.newly_found, tuple(found_rows), _NEWLY_FOUND),
        Table(words.suspensions_title, words.suspensions, tuple(_stood_still(frozen)), _SUSPENSIONS),
    )


def _ranked(facts: Facts, units: Iterable[RankedUnit]) -> list[tuple[str, ...]]:
    words = facts.wording.words
    return [
        (
            str(unit.rank or words.none),
            one_line(unit.name),
            unit.score or (words.nothing_done if unit.nothing_done else words.none),
            *_counted(unit.baseline),
        )
        for unit in units
    ]


def _stood_still(frozen: FrozenBriefing) -> Iterator[tuple[str, ...]]:
    """A row for each city of which a site was ever suspended."""
    for city in frozen.cities:
        if (sums := city.suspensions) is not None:
            own = (str(sums.sites_by_city), f"{sums.days_by_city:g}")
            yield (one_line(city.name), *own, str(sums.sites_by_province), f"{sums.days_by_province:g}")


def _counted(counts: Measures) -> tuple[str, str, str, str]:
    """Sites, struck off, overdue, and the work done: requirements and problems that are accepted one by one."""
    work = f"{counts.requirements_done + counts.problems_closed}/{counts.requirements + counts.problems}"
    return (str(counts.sites), str(counts.closed), str(counts.overdue), work)
