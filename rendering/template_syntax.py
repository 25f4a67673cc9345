"""What may stand in a template: statements, operators, filters and tests, each by its name."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from jinja2 import nodes

FILTERS = frozenset(
    {"abs", "capitalize", "default", "first", "int", "join", "last", "length", "list", "lower", "reject", "replace",
     "round", "select", "sort", "sum", "title", "trim", "unique", "upper"}
)  # fmt: skip
"""Filters that neither mark a text as safe markup nor pad it; those that join texts spend the rendering's budget."""

TESTS = frozenset(
    {"defined", "divisibleby", "eq", "equalto", "even", "false", "ge", "gt", "in", "le", "lt", "ne", "none", "number",
     "odd", "string", "true", "undefined", "==", "!=", "<", "<=", ">", ">="}
)  # fmt: skip

FUNCTIONS = ("number_of",)

_ALLOWED: frozenset[type[nodes.Node]] = frozenset(
    {nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr, nodes.Getitem,
     nodes.Slice, nodes.If, nodes.For, nodes.Assign, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
     nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Concat,
     nodes.Filter, nodes.Test, nodes.Keyword, nodes.Call, nodes.List, nodes.Tuple, nodes.Scope}
)  # fmt: skip
"""Every other statement or operator is refused, also those that a later version of Jinja2 adds."""

_WRITTEN: dict[type[nodes.Node], str] = {
    nodes.Mod: "%",
    nodes.Pow: "**",
    nodes.FromImport: "from",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.AssignBlock: "set",
    nodes.ScopedEvalContextModifier: "autoescape",
}
"""The words of refused parts, where they differ from the names of their nodes."""

_ALONE = "a template stands alone here, and its values are escaped"
_INSTEAD: dict[type[nodes.Node], str] = {
    nodes.Mod: "`is divisibleby` tests numbers, and `~` joins texts",
    nodes.Pow: "only + - * / // compute",
    nodes.Macro: "a sentence is written where it stands",
    nodes.AssignBlock: "`set` takes a value",
}


class Finding(NamedTuple):
    """A fault of a template: its line (from 1), the text found, the expectation."""

    line: int
    value: str
    expected: str


def syntax_faults(tree: nodes.Template) -> Iterator[Finding]:
    """The parts of a parsed template that may not stand there, with what may."""
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind not in _ALLOWED:
            word = _WRITTEN.get(kind, kind.__name__.lower())
            yield Finding(node.lineno, word, f"no {word}: {_INSTEAD.get(kind, _ALONE)}")
            continue
        waiting += node.iter_child_nodes()
        if isinstance(node, nodes.Filter | nodes.Test):
            yield from _named(node)
        elif isinstance(node, nodes.Call) and not (
            isinstance(node.node, nodes.Name) and node.node.name in FUNCTIONS and not node.dyn_args
        ):
            yield Finding(node.lineno, _called(node), f"no call but {', '.join(f'{one}()' for one in FUNCTIONS)}")
        elif isinstance(node, nodes.For) and node.recursive:
            yield Finding(node.lineno, "recursive", "a loop that is not recursive")
        elif isinstance(node, nodes.Mul) and any(_is_text(side) for side in (node.left, node.right)):
            yield Finding(node.lineno, "*", "numbers on both sides of *: texts are not repeated")
        elif isinstance(node, nodes.List | nodes.Tuple) and not _is_target(node) and not _is_constant(node):
            yield Finding(node.lineno, "[...]", "a list of constants: what holds variables is not listed again")


def one_of(what: str, name: str, known: Collection[str]) -> str:
    """The expectation of a known name."""
    near = get_close_matches(name, known, n=1)
    if near:
        return f"{what} that is known here, perhaps {near[0]}"
    return f"{what} that is known here: {', '.join(sorted(known)) or 'there is none'}"


def _named(node: nodes.Filter | nodes.Test) -> Iterator[Finding]:
    allowed, what = (FILTERS, "a filter") if isinstance(node, nodes.Filter) else (TESTS, "a test")
    if node.name not in allowed:
        yield Finding(node.lineno, node.name, one_of(what, node.name, allowed))
    elif node.dyn_args or node.dyn_kwargs:
        yield Finding(node.lineno, node.name, f"{what} whose arguments are written out")


def _called(node: nodes.Call) -> str:
    called = node.node
    return called.attr if isinstance(called, nodes.Getattr) else getattr(called, "name", "()")


def _is_text(node: nodes.Node) -> bool:
    made = isinstance(node, nodes.Concat | nodes.List | nodes.Tuple | nodes.TemplateData)
    return made or (isinstance(node, nodes.Const) and not isinstance(node.value, int | float))


def _is_target(node: nodes.List | nodes.Tuple) -> bool:
    return isinstance(node, nodes.Tuple) and node.ctx == "store"


def _is_constant(node: nodes.Node) -> bool:
    return all(isinstance(one, nodes.Const) for one in node.iter_child_nodes())
