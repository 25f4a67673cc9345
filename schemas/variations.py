"""What differs by hazard, kind of problem and phase: the plan's `variations`, and those of one site in its terms."""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.calendar import Clause
from schemas.offices import is_unset
from schemas.options.spot_checks import Share
from schemas.phase_end import ClauseOrPhase, Within
from schemas.register import Hazard


class Conditions(InputModel):
    """The sites, and the phase in which a deadline begins to count; all that are named must hold."""

    hazard: Hazard | None = Field(default=None, exclude_if=is_unset)
    problem: Identifier | None = Field(default=None, exclude_if=is_unset)
    phase: Identifier | None = Field(default=None, exclude_if=is_unset)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.hazard is None and self.problem is None and self.phase is None:
            raise ValueError("expected hazard, problem, phase, or several of them")
        return self

    @property
    def narrowness(self) -> tuple[int, bool, bool]:
        """The greater is the narrower: more conditions; of as many, a problem before a phase before a hazard."""
        named = (self.problem is not None, self.phase is not None, self.hazard is not None)
        return sum(named), named[0], named[1]


class Variation(InputModel):
    """Values that hold in place of the general ones `for` some sites; what it leaves out stays general.

    `ladder` gives the grace before a rung, by the number of the rung.
    """

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    conditions: Conditions = Field(alias="for")
    rectification: ClauseOrPhase | None = Field(default=None, exclude_if=is_unset)
    re_rectification: ClauseOrPhase | None = Field(default=None, exclude_if=is_unset)
    reminder_days: tuple[Annotated[int, Field(ge=1, le=365)], ...] | None = Field(default=None, exclude_if=is_unset)
    ladder: dict[int, Clause] = Field(default={}, exclude_if=is_unset)
    sampling_share: Share | None = Field(default=None, gt=0, le=1, exclude_if=is_unset)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_dump(exclude={"conditions", "for"}):
            raise ValueError("expected at least one value that differs: rectification, re_rectification, ...")
        return self


def variation_contradictions(
    variations: Sequence[Variation],
    phases: Collection[str],
    rungs: Collection[int],
    kinds: Collection[str],
    samples: bool,
) -> Iterator[str]:
    """Every fault as `path: what`. `kinds` are those of the catalogue, if it names any; `samples`: there are draws."""
    for index, one in enumerate(variations):
        path, where = f"variations[{index}]", one.conditions
        first = next(at for at, other in enumerate(variations) if other.conditions == where)
        if first < index:
            yield f"{path}.for: the same conditions as variations[{first}], expected one variation for them"
        for what, name, known in (("phase", where.phase, phases), ("problem", where.problem, kinds)):
            if name is not None and name not in known and (known or what == "phase"):
                yield f"{path}.for.{what}: {name} is none of the plan's, one of {', '.join(sorted(known)) or 'none'}"
        for rung in sorted(set(one.ladder) - set(rungs)):
            yield f"{path}.ladder: there is no rung {rung}, one of {', '.join(map(str, sorted(rungs))) or 'none'}"
        if one.reminder_days is not None and len(set(one.reminder_days)) < len(one.reminder_days):
            yield f"{path}.reminder_days: a number of days stands twice, expected once"
        if one.sampling_share is not None and (where.hazard is None or where.problem or where.phase):
            yield f"{path}.sampling_share: samples are drawn by hazard, expected `for` with a hazard alone"
        if one.sampling_share is not None and not samples:
            yield f"{path}.sampling_share: nothing is drawn without `spot_check`"


class VariationTerms(StoredModel):
    """A variation of a site with its problem; its hazard and phase (`since` .. `until`) are still to be compared."""

    hazard: str | None = Field(default=None, exclude_if=is_unset)
    since: Instant | None = Field(default=None, exclude_if=is_unset)
    until: Instant | None = Field(default=None, exclude_if=is_unset)
    rectification: Within | None = Field(default=None, exclude_if=is_unset)
    re_rectification: Within | None = Field(default=None, exclude_if=is_unset)
    reminder_days: tuple[int, ...] | None = Field(default=None, exclude_if=lambda value: value is None)
    ladder: dict[int, Clause] = Field(default={}, exclude_if=is_unset)
