"""YAML as a tree of texts with the line of every value.

Every scalar stays a text (blank, `~` and `null` are None), and the schema converts it. So `no` is not false, 09:00 is
not 540 and a code such as 410000 keeps its digits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from intake.files import wording
from intake.files.faults import Fault, read_bytes

Loc = tuple[str | int, ...]
_PLAIN = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})


class _TextLoader(yaml.SafeLoader):
    """A safe loader that resolves every scalar to a text."""

    yaml_implicit_resolvers = {}


@dataclass(frozen=True, slots=True)
class Scalar:
    """The form of a text in its file: its YAML style (`|`, `>`, quotes, None), its first and last lines, 1-based."""

    style: str | None
    first: int
    last: int


@dataclass(frozen=True)
class YamlText:
    """A file's tree and the 1-based lines of its paths. `faults` are syntax errors of the file."""

    file: str
    tree: Any
    lines: Mapping[Loc, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    scalars: Mapping[Loc, Scalar] = field(default_factory=dict)
    source: tuple[str, ...] = ()

    def line(self, loc: Loc) -> int | None:
        """The line of the value at this path, else the line of the nearest value around it."""
        while loc not in self.lines and loc:
            loc = loc[:-1]
        return self.lines.get(loc)

    def line_inside(self, loc: Loc, line: int, word: str) -> int | None:
        """The file's line of the `line`-th line (from 1) of the text at this path that contains `word`.

        Only a literal block (`|`) keeps its lines one to one. In a folded block or a quoted text of several lines the
        word is searched for.
        """
        scalar = self.scalars.get(loc)
        if scalar is None:
            return self.line(loc)
        if scalar.style == "|":
            return scalar.first + line
        begin = scalar.first + (scalar.style == ">")
        for number in range(begin, scalar.last + 1):
            if word and word in self.source[number - 1]:
                return number
        return begin

    def at(self, loc: Loc) -> Any:
        """The value at this path; None if there is none."""
        value = self.tree
        for step in loc:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def put(self, loc: Loc, value: str) -> None:
        """Replaces the value at this path of the tree; the lines and the source stay as written."""
        self.at(loc[:-1])[loc[-1]] = value

    def fault(self, loc: Loc, value: str, expected: str) -> Fault:
        """A fault at this path of this file."""
        return Fault(self.file, value, expected, path=dotted(loc), line=self.line(loc))


def dotted(loc: Loc) -> str | None:
    """`("cities", 3, "code")` as `cities[3].code`; None for the root."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return text.removeprefix(".") or None


def read_yaml(path: Path) -> YamlText:
    """Reads a YAML file. Syntax errors are in the result's `faults`. Raises NotFound when the file does not exist."""
    name, content = path.name, read_bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return YamlText(name, None, faults=(Fault(name, "", wording.UTF8, line=line),))
    builder = _Builder(name)
    try:
        node = _TextLoader(text).get_single_node()
        tree = builder.build(node, ()) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = ", ".join(part for part in (error.context, error.problem) if part)
        return _unreadable(name, text, mark.line + 1 if mark else 1, problem)
    except yaml.reader.ReaderError as error:
        return _unreadable(name, text, text.count("\n", 0, int(error.position)) + 1, str(error.reason))
    except RecursionError:
        return YamlText(name, None, faults=(Fault(name, "", wording.YAML_DEPTH),))
    lines = tuple(text.split("\n"))
    return YamlText(name, tree, builder.lines, tuple(builder.faults), builder.scalars, lines)


def _unreadable(file: str, text: str, line: int, problem: str) -> YamlText:
    lines = text.split("\n")
    value = lines[line - 1].strip() if line <= len(lines) else ""
    return YamlText(file, None, faults=(Fault(file, value, wording.readable_yaml(problem), line=line),))


def _last_line(node: yaml.Node) -> int:
    """The line on which a text ends; an end mark at the beginning of a line belongs to the line before."""
    end = node.end_mark
    return max(node.start_mark.line + 1, int(end.line) + (end.column > 0))


class _Builder:
    """Builds the tree. A node that occurs twice is an alias and a fault, because aliases can expand without limit."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Loc, int] = {}
        self.scalars: dict[Loc, Scalar] = {}
        self.faults: list[Fault] = []
        self._met: set[int] = set()

    def build(self, node: yaml.Node, loc: Loc) -> Any:
        line = self.lines.setdefault(loc, node.start_mark.line + 1)
        if id(node) in self._met:
            self.faults.append(Fault(self.file, "*", wording.YAML_ALIAS, path=dotted(loc), line=line))
            return None
        self._met.add(id(node))
        if node.tag not in _PLAIN:
            self.faults.append(Fault(self.file, node.tag, wording.YAML_TAG, path=dotted(loc), line=line))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*loc, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            self.scalars[loc] = Scalar(node.style, node.start_mark.line + 1, _last_line(node))
        is_plain = isinstance(node, yaml.ScalarNode) and node.style is None
        return None if is_plain and node.value in ("", "~", "null") else node.value

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            at = (*loc, key)
            if key in built:
                once = wording.key_once(self.lines[at])
                self.faults.append(Fault(self.file, key, once, path=dotted(at), line=line))
                continue
            self.lines[at] = line
            built[key] = self.build(value_node, at)
        return built
