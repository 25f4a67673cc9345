"""`--map FILE.yaml`: which of their columns, or which constant, is one of our fields (docs/registers.md).

    id: {join: [County, No], with: "-"}              # their columns, joined
    type: {const: surface}                           # the same for every row
    city: {column: [State, Country], slug: true}     # the first column with a text, made a code
    area_ha: {column: Size (km2), times: 100}        # a number in another unit
    hazard: {column: Risk, values: {A: high, B: low, "": medium}}
    rows: {merge: problems}                          # the rows with one id are one site

Steps go in this order: column, join, hash or const, then values, slug, times. A field that the mapping leaves out is
found by its header.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from intake.files.faults import Fault, InvalidCell
from intake.files.model_faults import model_faults
from intake.files.wording import YAML_FIELDS
from intake.files.yaml_text import YamlText, read_yaml
from intake.register import cells, headers, wording
from intake.register.numbers import read_number
from schemas.base import InputModel
from schemas.identity import folded

_HASH_DIGITS = 10
"""40 bits: two of 20,000 sites have the same digits once in 5,000 registers, which is then a fault."""


def _listed(column: Any) -> Any:
    return [column] if isinstance(column, str) else column


def _long_form(rule: Any) -> Any:
    return {"column": rule} if isinstance(rule, str | list) else rule


Columns = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Rule(InputModel):
    """The source of one field: a constant, the first of their columns that has a text in the row, or some joined.

    `hash` stands for ten hex digits of the texts of its columns, after those of `join`: an id that a row keeps when the
    file is sorted or read again.
    """

    const: str | None = None
    column: Columns = ()
    join: Columns = ()
    between: str = Field(default="-", alias="with", max_length=20)
    hash: Columns = ()
    values: dict[str, str | None] = Field(default_factory=dict)
    slug: bool = False
    times: Decimal | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.const is not None) + bool(self.column) + bool(self.join or self.hash) != 1:
            raise ValueError("expected either const or column, or join and hash")
        return self


FieldRule = Annotated[Rule | None, BeforeValidator(_long_form)]


class RowRule(InputModel):
    """What the rows are: with `merge: problems` those with one id are one site, each with some of its problems."""

    merge: Literal["problems"]


class Rules(InputModel):
    """The rules of a mapping, by field, and what a row is."""

    rows: RowRule | None = None

    id: FieldRule = None
    name: FieldRule = None
    city: FieldRule = None
    county: FieldRule = None
    township: FieldRule = None
    responsible_person: FieldRule = None
    latitude: FieldRule = None
    longitude: FieldRule = None
    coordinates: FieldRule = None
    type: FieldRule = None
    mineral: FieldRule = None
    area_ha: FieldRule = None
    area_mu: FieldRule = None
    area_m2: FieldRule = None
    area_km2: FieldRule = None
    depth_m: FieldRule = None
    distance_m: FieldRule = None
    problems: FieldRule = None
    hazard: FieldRule = None
    responsible: FieldRule = None
    lead_government: FieldRule = None
    departments: FieldRule = None
    enterprise: FieldRule = None
    newly_found: FieldRule = None
    missed: FieldRule = None
    restoration_mode: FieldRule = None
    funding_mode: FieldRule = None
    planned_cny: FieldRule = None
    planned_wan: FieldRule = None
    planned_ha: FieldRule = None
    planned_mu: FieldRule = None


@dataclass(frozen=True)
class RegisterMap:
    """A mapping and its file, so that a fault about a missing column can name the line."""

    text: YamlText
    rules: Rules


@dataclass(frozen=True)
class Source:
    """The source of a field in this register; `label` is the header as it is written in the file.

    `hashed` are the columns of the rule's `hash`; a `whole` one has no text where one of its parts has none.
    """

    label: str
    indexes: tuple[int, ...] = ()
    rule: Rule | None = None
    hashed: tuple[int, ...] = ()
    whole: bool = False

    def text(self, row: Sequence[str]) -> str:
        """The field's text in this row, unchanged (or joined, or the constant); "" if there is none."""
        if self.rule is not None and (self.rule.join or self.rule.hash):
            return self._joined(row, self.rule.between)
        for index in self.indexes:
            if found := _cell(row, index):
                return found
        return self.rule.const or "" if self.rule is not None else ""

    def _joined(self, row: Sequence[str], between: str) -> str:
        parts = [_cell(row, index) for index in self.indexes]
        if self.hashed:
            texts = [folded(_cell(row, index)) for index in self.hashed]
            digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_HASH_DIGITS]
            parts.append(digest if any(texts) else "")
        return "" if self.whole and not all(parts) else between.join(part for part in parts if part)

    def name(self, row: Sequence[str]) -> str:
        """The text after the rule's translation, before it is made a code or multiplied."""
        text = self.text(row)
        return _translated(text, self.rule.values) if self.rule is not None and self.rule.values else text

    def value(self, row: Sequence[str]) -> str:
        """The text after applying the mapping's rule."""
        text, rule = self.name(row), self.rule
        if rule is None:
            return text
        if rule.slug and text:
            text = cells.slug(text)
        return _multiplied(text, rule.times) if rule.times is not None else text


def _cell(row: Sequence[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def _translated(text: str, values: dict[str, str | None]) -> str:
    """The translation of the whole text, else of each of its items (`井口*2；工棚`), else the text unchanged."""
    if text in values:
        return values[text] or ""
    items = [item.partition("*") for item in cells.split_problems(text.replace("×", "*"))]
    if not any(kind.strip() in values for kind, _, _ in items):
        return text
    return "; ".join(f"{values.get(kind.strip(), kind) or ''}{star}{count}" for kind, star, count in items)


def _multiplied(text: str, times: Decimal) -> str:
    """The product; a text with a unit of its own, or that is no number, is unchanged."""
    try:
        return f"{read_number(text) * times:f}"
    except InvalidCell:
        return text


def read_mapping(path: Path) -> tuple[RegisterMap | None, list[Fault]]:
    """The mapping, or all its faults. Raises NotFound when the file does not exist."""
    text = read_yaml(path)
    faults = list(text.faults)
    if not isinstance(text.tree, dict):
        return None, faults or [Fault(text.file, str(text.tree or ""), YAML_FIELDS)]
    try:
        rules = Rules.model_validate(text.tree)
    except ValidationError as error:
        return None, faults + model_faults(text, Rules, error)
    return (None if faults else RegisterMap(text, rules)), faults


def sources(
    file: str,
    header: Sequence[str],
    mapping: RegisterMap | None,
    optional: Collection[str] = (),
    header_row: int = 1,
) -> tuple[dict[str, Source], list[Fault]]:
    """Each field's source in a register with this header; faults name mapped columns that the header lacks.

    `optional` are fields for which no column is required.
    """
    found: dict[str, Source] = {}
    faults: list[Fault] = []
    for field in headers.FIELDS:
        rule: Rule | None = getattr(mapping.rules, field) if mapping else None
        if mapping is None or rule is None:
            required = field in headers.REQUIRED and field not in optional
            _by_header(file, header, header_row, field, required, found, faults)
        elif rule.const is not None:
            found[field] = Source(f"{field} (a constant of {mapping.text.file})", rule=rule)
        else:
            _by_rule(file, header, field, mapping, found, faults)
    return found, faults


def _by_header(
    file: str,
    header: Sequence[str],
    row: int,
    field: str,
    required: bool,
    found: dict[str, Source],
    faults: list[Fault],
) -> None:
    plain = [headers.plain_header(name) for name in header]
    for name in headers.FIELDS[field]:
        indexes = [index for index, theirs in enumerate(plain) if theirs == headers.plain_header(name)]
        if not indexes:
            continue
        found[field] = Source(header[indexes[0]], (indexes[0],))
        faults.extend(
            Fault(file, "", wording.column_once(field), row=row, column=header[index]) for index in indexes[1:]
        )
        return
    if required:
        faults.append(Fault(file, "", wording.column_for(field, headers.FIELDS[field]), row=row))


def _by_rule(
    file: str, header: Sequence[str], field: str, mapping: RegisterMap, found: dict[str, Source], faults: list[Fault]
) -> None:
    rule: Rule = getattr(mapping.rules, field)
    indexes = _indexes(file, header, field, rule.column or rule.join, mapping, faults)
    hashed = _indexes(file, header, field, rule.hash, mapping, faults)
    label = " / ".join(rule.column) or " + ".join((*rule.join, *rule.hash))
    found[field] = Source(label, indexes, rule, hashed, whole=field == "id")


def _indexes(
    file: str, header: Sequence[str], field: str, columns: Sequence[str], mapping: RegisterMap, faults: list[Fault]
) -> tuple[int, ...]:
    indexes: list[int] = []
    for column in columns:
        at = [index for index, name in enumerate(header) if name == column.strip()]
        if at:
            indexes.append(at[0])
            continue
        expected = wording.mapped_column(file, get_close_matches(column, header, n=2))
        faults.append(mapping.text.fault((field,), column, expected))
    return tuple(indexes)
