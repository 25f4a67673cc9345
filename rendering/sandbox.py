"""Where templates run: Jinja2 without a way out. A plan brings templates of its own, and a worker renders them.

They see plain values and a handful of filters; they cannot call into Python, read files, include other templates,
switch escaping off or multiply a text until the memory is full. A name that is not known is an error.
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
"""Those that neither mark a text as safe markup nor make a long one out of a short one."""

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
"""Statements that a template may not have, each by its name."""


def number_of(amount: int, noun: str) -> str:
    """`1 site`, `3 sites`: for languages that tell them apart."""
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of every template, the house's own too."""

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
        """Only numbers of ordinary size are multiplied."""
        if operator == "*" and all(isinstance(one, int | float) and abs(one) < 10**9 for one in (left, right)):
            return left * right
        raise SecurityError(f"{operator} is not allowed here")


def _nothing_for_none(value: object) -> object:
    return "" if value is None else value


SENTENCES = Sandbox(html=False)
"""Sentences are plain text: the layout escapes what they come to."""

PAGES = Sandbox(html=True)
"""Layouts of pages: every value is escaped."""

TEXTS = Sandbox(html=False)
"""Layouts of plain text."""


@lru_cache(maxsize=1024)
def compiled(source: str, sandbox: Sandbox) -> Template:
    """A template, compiled once.

    Raises:
        jinja2.TemplateSyntaxError: it is none; names the line.
    """
    return sandbox.from_string(source)


def say(sentence: str, facts: Mapping[str, object]) -> str:
    """A sentence with its facts filled in; a missing fact raises `jinja2.UndefinedError`."""
    return compiled(sentence, SENTENCES).render(facts).strip()
