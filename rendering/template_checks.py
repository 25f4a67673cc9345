"""Checks the templates of a plan: first their syntax and names, then by rendering sample documents."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from functools import lru_cache
from traceback import extract_tb
from typing import Any

from jinja2 import TemplateSyntaxError, UndefinedError, meta, nodes

from rendering.composing import layout_budget, letter_of
from rendering.facts import Facts
from rendering.letter import Letter, one_line
from rendering.sandbox import PAGES, SENTENCE_BUDGET, SENTENCES, TEXTS, Sandbox, render_sentence, rendered
from rendering.specimens import DATA, draft, frozen_plan, variants, whole_progress
from rendering.template_syntax import Finding, one_of, syntax_faults
from rendering.wording import Requests, Sentences, Words, wording
from schemas.documents.document import Progress

PLAIN = frozenset({"name", "act", "line_heading", "sheet"})
"""Sentences of a kind that are constant texts without variables."""

_COMMON = "deployment_approved"
"""A kind without data of its own: its facts are those that every document has."""

_LAYOUT_MEMBERS = {
    "letter": frozenset(field.name for field in fields(Letter)),
    "words": frozenset(Words.model_fields),
}


class _AnyName(dict[str, Any]):
    """A mapping that knows every filter or test, so that the parser continues after an unknown one."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, str)


_PARSER = Sandbox(html=False)
_PARSER.filters, _PARSER.tests = _AnyName(), _AnyName()


def sentences_of(language: str, kind: str) -> dict[str, str | tuple[str, ...]] | None:
    """The built-in sentences that a plan may replace under this key, by name; None for an unknown key."""
    builtin = wording(language)
    parts: dict[str, Words | Requests | Sentences] = {
        **builtin.kinds,
        "words": builtin.words,
        "requests": builtin.requests,
    }
    part = parts.get(kind)
    if part is None:
        return None
    sentences = {name: value for name, value in part.model_dump().items() if value is not None}
    if "line" in sentences:
        sentences.setdefault("line_heading", builtin.words.line_heading)
    if isinstance(part, Sentences):
        sentences["tasks"] = part.tasks
    return sentences


def known_keys(language: str) -> list[str]:
    """The keys under which a plan may have sentences: the kinds of documents, `words` and `requests`."""
    return ["words", "requests", *sorted(wording(language).kinds)]


def check_sentence(language: str, kind: str, name: str, source: str) -> list[Finding]:
    """The faults of a plan's own sentence of this kind and name."""
    if kind == "words" or name in PLAIN:
        if name == "sheet" and source not in ("blue", "yellow", "red"):
            return [Finding(1, source, "blue, yellow or red")]
        return [Finding(1, source, "plain words: no variable stands here")] if "{{" in source or "{%" in source else []
    samples = _facts_for(language, kind, name)
    known = frozenset().union(*samples)
    found = _static_faults(source, SENTENCES, known, {}) or _render_faults(
        source, SENTENCES, ((facts, SENTENCE_BUDGET) for facts in samples)
    )
    if (
        not found
        and name in ("heading", "subject")
        and not all(one_line(render_sentence(source, facts)) for facts in samples)
    ):
        return [Finding(1, source, "a sentence that says something, whatever the document lacks")]
    return found


def check_layout(language: str, source: str, *, html: bool) -> list[Finding]:
    """The faults of a plan's own layout of the page (HTML) or of the text."""
    sandbox = PAGES if html else TEXTS
    found = _static_faults(source, sandbox, frozenset({"letter", "words", "language"}), _LAYOUT_MEMBERS)
    return found or _render_faults(source, sandbox, _layout_arguments(language))


def _facts_for(language: str, kind: str, name: str) -> tuple[dict[str, object], ...]:
    """The facts of each sample document that the sentence may be rendered with."""
    frozen = frozen_plan(language)
    if kind == "requests":
        asked = (whole_progress(), Progress(**(whole_progress().model_dump() | {"units": (), "approver": None})))
        return tuple(Facts(frozen, draft(_COMMON, progress=one), (), "").of_requests() for one in asked)
    found: list[dict[str, object]] = []
    for specimen, lines in variants(kind):
        facts = Facts(frozen, specimen, lines, "")
        if name == "line":
            found.extend(facts.of_line(line) for line in lines)
        else:
            found.append(facts.of_quote() if name == "quote" else facts.whole)
    return tuple(found)


@lru_cache
def _layout_arguments(language: str) -> tuple[tuple[dict[str, object], int], ...]:
    """The arguments of a layout and its budget, for every sample document."""
    frozen, words = frozen_plan(language), wording(language).words
    letters = (letter_of(frozen, specimen, lines) for kind in DATA for specimen, lines in variants(kind))
    return tuple(
        ({"letter": letter, "words": words, "language": language}, layout_budget(letter)) for letter in letters
    )


def _static_faults(
    source: str, sandbox: Sandbox, known: Collection[str], members: Mapping[str, Collection[str]]
) -> list[Finding]:
    """All faults that can be found without rendering, in the order of their lines."""
    try:
        tree = _PARSER.parse(source)
        unknown = meta.find_undeclared_variables(tree) - set(known) - set(sandbox.globals)
        found = list(_tree_faults(tree, unknown, known, members))
        if not found:
            sandbox.compile(source)
    except TemplateSyntaxError as error:
        lines = source.splitlines()
        value = lines[error.lineno - 1].strip() if 0 < error.lineno <= len(lines) else ""
        return [Finding(error.lineno, value, f"a readable template: {error.message}")]
    except (RecursionError, SyntaxError):  # Python's own limits of nested expressions and blocks
        return [Finding(1, "", "a template that is nested less deeply")]
    return sorted(set(found), key=lambda finding: (finding.line, finding.value))


def _tree_faults(
    tree: nodes.Template, unknown: set[str], known: Collection[str], members: Mapping[str, Collection[str]]
) -> Iterable[Finding]:
    yield from syntax_faults(tree)
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name in unknown:
            yield Finding(name.lineno, name.name, one_of("a variable", name.name, known))
    for member in tree.find_all(nodes.Getattr):
        owner = member.node.name if isinstance(member.node, nodes.Name) else ""
        if owner in members and member.attr not in members[owner]:
            yield Finding(
                member.lineno, f"{owner}.{member.attr}", one_of(f"a part of {owner}", member.attr, members[owner])
            )


def _render_faults(source: str, sandbox: Sandbox, given: Iterable[tuple[Mapping[str, object], int]]) -> list[Finding]:
    """The first error of rendering the template with these facts, each within its budget."""
    for facts, most in given:
        try:
            rendered(source, sandbox, facts, most)
        except Exception as error:  # a template can raise any exception of Python, and its author must fix it
            line = max(
                [frame.lineno or 1 for frame in extract_tb(error.__traceback__) if frame.filename == "<template>"][-1:]
                or [1]
            )
            return [Finding(line, _undefined_name(error), f"a template that can be filled in: {error}")]
    return []


def _undefined_name(error: Exception) -> str:
    """The undefined name, if the error names one."""
    named = re.findall(r"'([^']*)'", str(error)) if isinstance(error, UndefinedError) else []
    return named[-1] if named else type(error).__name__
