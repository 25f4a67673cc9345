"""The grading of sites by hazard: the plan's rules, a site's grade with its reason, and the order that overrides it."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.command import Command, Reason
from schemas.deferrals import UnmovedDeadline
from schemas.event import Event, new_field
from schemas.offices import Text, is_unset
from schemas.option import Option
from schemas.permit import BY_CITY, BY_COUNTY, BY_PROVINCE, at
from schemas.quantity import Quantity
from schemas.register import Hazard, Site
from schemas.stages import OPEN_SITE, Stage


class Range(InputModel):
    """The values from `at_least` on, and below `below`."""

    at_least: Quantity | None = Field(default=None, ge=0, exclude_if=is_unset)
    below: Quantity | None = Field(default=None, gt=0, exclude_if=is_unset)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.at_least is None and self.below is None:
            raise ValueError("expected at_least, below, or both")
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            raise ValueError(f"at_least {self.at_least} is not less than below {self.below}")
        return self

    def holds(self, value: Decimal | None) -> bool:
        """Whether the value lies in it; not where the register gives none."""
        if value is None or (self.at_least is not None and value < self.at_least):
            return False
        return self.below is None or value < self.below


class GradingRule(InputModel):
    """A rule: sites that meet all of its conditions have this hazard, and `title` is the reason.

    `problems` are kinds of which the site has one; `count` is their number at the site, or that of all its problems.
    A site of which the register does not give a value meets no condition on it. A rule without conditions is for all.
    """

    hazard: Hazard
    title: Text
    problems: tuple[Identifier, ...] = Field(default=(), exclude_if=is_unset)
    count: Range | None = Field(default=None, exclude_if=is_unset)
    area_ha: Range | None = Field(default=None, exclude_if=is_unset)
    depth_m: Range | None = Field(default=None, exclude_if=is_unset)
    distance_m: Range | None = Field(default=None, exclude_if=is_unset)

    @property
    def for_all(self) -> bool:
        """Whether it has no condition."""
        return not self.problems and not any((self.count, self.area_ha, self.depth_m, self.distance_m))

    def matches(self, site: Site) -> bool:
        """Whether the site meets every condition."""
        found = [problem for problem in site.problems if not self.problems or problem.kind in self.problems]
        if self.problems and not found:
            return False
        values = (
            (self.count, sum((problem.count for problem in found), Decimal())),
            (self.area_ha, site.area_ha),
            (self.depth_m, site.depth_m),
            (self.distance_m, site.distance_m),
        )
        return all(wanted.holds(value) for wanted, value in values if wanted is not None)


class Grading(InputModel):
    """The plan's option `grading`: the first rule that matches a site grades it.

    A site that no rule matches keeps the hazard of its register row. With `daily_list` the head of each city receives
    a list of its open sites of high hazard on every working day.
    """

    rules: tuple[GradingRule, ...] = Field(min_length=1, max_length=100)
    daily_list: bool = Field(default=False, exclude_if=is_unset)


def grading_contradictions(grading: Grading | None, kinds: Iterable[str]) -> Iterator[str]:
    """Every fault as `path: what`; `kinds` are the kinds of problems in the catalogue, if it names any."""
    known = sorted(set(kinds))
    for index, rule in enumerate(grading.rules if grading is not None else ()):
        if rule.for_all and grading is not None and index + 1 < len(grading.rules):
            yield f"grading.rules[{index}]: it has no condition and matches every site, expected it as the last rule"
        for kind in rule.problems:
            if known and kind not in known:
                yield f"grading.rules[{index}].problems: {kind} is not in the catalogue, one of {', '.join(known)}"


class Grade(StoredModel):
    """The hazard of a site: `by` is the path of the rule, `register`, or the unit that graded it itself."""

    hazard: Hazard
    by: str
    reason: str | None = None


class Regrade(Command):
    """A person grades a site otherwise than the plan's rules do."""

    kind: Literal["regrade"] = "regrade"
    hazard: Hazard
    reason: Reason


class Regraded(Event):
    """The site has another hazard from now on; `due` is given if the deadline of its work moved."""

    kind: Literal["regraded"] = "regraded"
    hazard: Hazard
    before: Hazard
    by: str
    """The unit that ordered it."""
    reason: str
    due: Instant | None = None
    due_unmoved: UnmovedDeadline | None = new_field(None)
    counts_from: Instant | None = new_field(None)
    """From when the clause of `due` counts, where that is the order and not the occasion of the deadline before."""


GRADING = Option(
    name="grading",
    subject="site",
    commands={"regrade": Regrade},
    events=(Regraded,),
    # A county may only raise the hazard: `rules.site.options.grading` compares the two.
    permits={"regrade": at(OPEN_SITE, BY_PROVINCE, BY_CITY, BY_COUNTY)},
    rows_after="verify",
    transitions={(stage, "regraded"): stage for stage in (Stage.RECTIFYING, Stage.VERIFYING)},
    command_events={"regrade": ("regraded",)},
)
