"""Grades the sites of a register by the plan's rules; a cell that says another hazard is told, and the rule holds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.files.faults import Fault
from intake.register import wording
from rules.terms.variations import grade_of
from schemas.plan import Plan
from schemas.register import Hazard, Site

Grades = tuple[tuple[str, Hazard | None, int], ...]
"""Each rule of the plan with its hazard and the number of sites that it graded; last those that no rule matched."""

NO_RULE = "register"


@dataclass
class GradeCheck:
    """Counts what each rule grades while the rows are read; without rules nothing is changed."""

    plan: Plan
    _counts: Counter[str] = field(default_factory=Counter)
    _others: dict[tuple[Hazard, str], list[int]] = field(default_factory=dict)
    """Hazard of the cell and path of the rule to the rows in which they differ."""

    def graded(self, site: Site, row: int) -> Site:
        """The site with the hazard that its rule gives it."""
        if self.plan.grading is None:
            return site
        grade = grade_of(self.plan, site)
        assert grade is not None
        self._counts[grade.by] += 1
        if grade.hazard is site.hazard:
            return site
        if "hazard" in site.model_fields_set:
            self._others.setdefault((site.hazard, grade.by), []).append(row)
        return site.model_copy(update={"hazard": grade.hazard})

    def counts(self) -> Grades:
        """How many sites each rule graded."""
        if self.plan.grading is None:
            return ()
        rules = ((f"grading.rules[{index}]", rule.hazard) for index, rule in enumerate(self.plan.grading.rules))
        return (*((path, hazard, self._counts[path]) for path, hazard in rules), (NO_RULE, None, self._counts[NO_RULE]))

    def warnings(self, file: str, column: str) -> Iterator[Fault]:
        """One for each hazard of cells and each rule that grades otherwise, with the first row."""
        rules = {path: hazard for path, hazard, _ in self.counts()}
        for (hazard, path), rows in self._others.items():
            graded = rules[path]
            assert graded is not None  # a site that no rule matches keeps its cell
            expected = wording.graded_otherwise(path, graded.value, len(rows))
            yield Fault(file, hazard.value, expected, row=rows[0], column=column)
