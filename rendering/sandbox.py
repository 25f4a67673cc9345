"""The Jinja2 sandbox: a plan has templates of its own, and a worker renders them.

Templates see plain values and a few filters. They cannot call Python, read files, include other templates, disable
escaping or fill the memory: what `rendering.template_syntax` allows is all that stands in them, and every text and loop
spends from the budget of its rendering (`rendering.budget`). An unknown name is an error.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined, nodes, pass_environment, pass_eval_context
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join, do_replace, do_round, do_sum, make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from rendering.budget import budget, spend
from rendering.template_syntax import FILTERS, TESTS

SENTENCE_BUDGET = 100_000
"""Characters and turns of a sentence: the longest of the built-in ones stays below a thousandth of it."""

LAYOUT_BUDGET, ROW_BUDGET = 1_000_000, 10_000
"""Characters and turns of a layout, and in addition for each row of its tables."""

_EACH, _JOINED = "(each)", "(joined)"
"""Filters of the compiled template; no template can name them."""


def number_of(amount: int, noun: str) -> str:
    """`1 site`, `3 sites`: for languages that distinguish singular and plural."""
    spend(len(str(amount)) + len(noun))
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"


class _Budgeted(NodeTransformer):
    """Lets every `~` and every loop spend from the budget."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, _JOINED, [], [], None, None, lineno=node.lineno)

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, _EACH, [], [], None, None, lineno=node.lineno)
        return node


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of all templates, including the built-in ones."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

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
        own = {"join": _joined, "replace": _replaced, "round": _rounded, "sum": _summed, "list": _each}
        self.filters = {name: own.get(name, self.filters[name]) for name in FILTERS} | {_EACH: _each, _JOINED: _joined}
        self.tests = {name: self.tests[name] for name in TESTS}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Adds numbers or texts, and multiplies numbers below 10**9."""
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            return super().call_binop(context, operator, left, right)  # names the missing fact
        if all(isinstance(one, int | float | Decimal) for one in (left, right)):
            if operator == "+":
                return left + right
            if operator == "*" and abs(left) < 10**9 and abs(right) < 10**9:
                return left * right
        elif operator == "+" and isinstance(left, str) and isinstance(right, str):
            spend(len(left) + len(right))
            return left + right
        raise SecurityError(f"{operator} is not allowed here")

    def is_safe_callable(self, obj: Any) -> bool:
        """Only the functions of the sandbox are called; methods of values are not."""
        return obj in self.globals.values()

    def _generate(self, source: nodes.Template, *args: Any, **named: Any) -> str:
        return super()._generate(_Budgeted().visit(source), *args, **named)


def _nothing_for_none(value: object) -> object:
    """What is written for a value: nothing for None, and no list or mapping, which nest without limit."""
    if isinstance(value, list | tuple | dict | set):
        raise SecurityError("a list is written by a loop or by join")
    return "" if value is None else value


def _each(value: Any) -> list[Any]:
    items = list(value)
    spend(len(items) + 1)
    return items


@pass_eval_context
def _joined(context: EvalContext, value: Any, d: str = "", attribute: str | int | None = None) -> str:
    parts = list(value if attribute is None else map(make_attrgetter(context.environment, attribute), value))
    parts = [_nothing_for_none(part) for part in parts]
    spend(sum(len(str(part)) for part in parts) + len(d) * len(parts))
    made: str = do_join(context, parts, d)
    return made


@pass_eval_context
def _replaced(context: EvalContext, s: str, old: str, new: str, count: int | None = None) -> str:
    text = str(s)
    spend(len(text) + text.count(old) * len(new))
    made: str = do_replace(context, s if hasattr(s, "__html__") else text, old, new, count)
    return made


def _rounded(value: float, precision: int = 0) -> float:
    if not 0 <= precision <= 9:
        raise SecurityError("round takes 0 to 9 decimals")
    return do_round(value, precision)


@pass_environment
def _summed(environment: Any, iterable: Any, attribute: str | int | None = None) -> Any:
    return do_sum(environment, iterable, attribute)


SENTENCES = Sandbox(html=False)
"""Sentences are plain text: the layout escapes the rendered sentence."""

PAGES = Sandbox(html=True)
"""Layouts of pages: every value is escaped."""

TEXTS = Sandbox(html=False)
"""Layouts of plain text."""


@lru_cache(maxsize=1024)
def _compiled(source: str, sandbox: Sandbox) -> Template:
    return sandbox.from_string(source)


def rendered(source: str, sandbox: Sandbox, facts: Mapping[str, object], most: int) -> str:
    """Renders a template within its budget of characters and turns.

    Raises:
        jinja2.TemplateSyntaxError: the source is not a template; names the line.
        jinja2.UndefinedError: a fact is missing.
        jinja2.exceptions.SecurityError: the template does what it may not, or exceeds the budget.
    """
    template = _compiled(source, sandbox)  # without a budget, so that no loop or text is computed beforehand
    parts: list[str] = []
    with budget(most):
        for part in template.generate(facts):
            spend(len(part))
            parts.append(part)
    return "".join(parts)


def render_sentence(sentence: str, facts: Mapping[str, object]) -> str:
    """Renders a sentence with its facts; raises as `rendered` does."""
    return rendered(sentence, SENTENCES, facts, SENTENCE_BUDGET).strip()
