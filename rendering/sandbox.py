"""The Jinja2 sandbox: a plan has templates of its own, and a worker renders them.

Templates see plain values and a few filters. They cannot call Python, read files, include other templates, disable
escaping or multiply a text until the memory is full. An unknown name is an error.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset(
    {"abs", "capitalize", "default", "first", "int", "join", "last", "length", "list", "lower", "reject", "replace",
     "round", "select", "sort", "sum", "title", "trim", "unique", "upper"}
)  # fmt: skip
"""Filters that neither mark a text as safe markup nor multiply its length."""

TESTS = frozenset(
    {"defined", "divisibleby", "eq", "equalto", "even", "false", "ge", "gt", "in", "le", "lt", "ne", "none", "number",
     "odd", "string", "true", "undefined", "==", "!=", "<", "<=", ">", ">="}
)  # fmt: skip

FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Extends: "extends",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.EvalContextModifier: "autoescape",
}
"""Forbidden statements, each with its name."""


def number_of(amount: int, noun: str) -> str:
    """`1 site`, `3 sites`: for languages that distinguish singular and plural."""
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of all templates, including the built-in ones."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, *, html: bool) -> None:
        super().__init__(
            autoescape=html,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_nothing_for_none,
        )
        self.globals = {"number_of": number_of}
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Multiplies numbers below 10**9 only."""
        if operator == "*" and all(isinstance(one, int | float) and abs(one) < 10**9 for one in (left, right)):
            return left * right
        raise SecurityError(f"{operator} is not allowed here")


def _nothing_for_none(value: object) -> object:
    return "" if value is None else value


SENTENCES = Sandbox(html=False)
"""Sentences are plain text: the layout escapes the rendered sentence."""

PAGES = Sandbox(html=True)
"""Layouts of pages: every value is escaped."""

TEXTS = Sandbox(html=False)
"""Layouts of plain text."""


@lru_cache(maxsize=1024)
def compiled(source: str, sandbox: Sandbox) -> Template:
    """A compiled template, cached.

    Raises:
        jinja2.TemplateSyntaxError: the source is not a template; names the line.
    """
    return sandbox.from_string(source)


def render_sentence(sentence: str, facts: Mapping[str, object]) -> str:
    """Renders a sentence with its facts. Raises `jinja2.UndefinedError` for a missing fact."""
    return compiled(sentence, SENTENCES).render(facts).strip()
