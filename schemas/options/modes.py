"""The plan's option `modes`: how a site is restored and who pays for it, with its terms, commands and events.

Modes are plain texts in events, so that releases with other modes can read them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol, Self

from pydantic import model_validator

from schemas.base import InputModel, Instant, StoredModel
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.modes import FundingMode, RestorationMode
from schemas.option import Option
from schemas.permit import BY_CITY, BY_COUNTY, BY_PROVINCE, at
from schemas.stages import OPEN_SITE, Stage


class Pair(StoredModel):
    """A restoration mode and a funding mode; None while there is none."""

    restoration: str | None = None
    funding: str | None = None


class ModeProposed(Event):
    """A city or county proposes these modes; the present ones stay in force until the province has decided."""

    kind: Literal["mode_proposed"] = "mode_proposed"
    modes: Pair
    reason: str | None = None


class ModeWithdrawn(Event):
    """The proposal was withdrawn: the modes are unchanged."""

    kind: Literal["mode_withdrawn"] = "mode_withdrawn"
    modes: Pair
    reason: str | None = None


class ModeRefused(Event):
    """The province refused the proposal."""

    kind: Literal["mode_refused"] = "mode_refused"
    modes: Pair
    reason: str


class ModeSet(Event):
    """These modes are in force from now on: requirements `comes` are added, `falls_away` are dropped."""

    kind: Literal["mode_set"] = "mode_set"
    modes: Pair
    before: Pair
    comes: tuple[str, ...] = ()
    falls_away: tuple[str, ...] = ()
    reason: str | None = None


class AllowedModes(InputModel):
    """A restoration mode that the plan allows, with its allowed funding modes; none named: any."""

    restoration: RestorationMode
    funding: tuple[FundingMode, ...] = ()


class Modes(InputModel):
    """The plan's option `modes`. Without `allowed` every pair is allowed.

    A mode may be set and switched `until` the end of that stage. With `confirmed_by_province` what a city or county
    sets is a proposal until the province confirms it. Where modes are `required`, a site without both of them can not
    ask for verification.
    """

    allowed: tuple[AllowedModes, ...] = ()
    until: Literal["rectifying", "verifying"] = "rectifying"
    confirmed_by_province: bool = False
    required: bool = True

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        twice = sorted(mode for mode, times in Counter(a.restoration for a in self.allowed).items() if times > 1)
        if twice:
            raise ValueError(f"allowed: {', '.join(twice)} stands twice, expected each restoration mode once")
        return self


class ModeTerms(StoredModel):
    """The option in a site's terms, with the modes of its register row.

    `allowed` maps a restoration mode to its allowed funding modes (none: any); if `allowed` is empty, every pair is.
    """

    allowed: dict[str, tuple[str, ...]] = {}
    until: str = "rectifying"
    confirmed_by_province: bool = False
    required: bool = True
    restoration: str | None = None
    funding: str | None = None


class Filtered(Protocol):
    """A catalogue entry or a site's requirement: it applies under these modes, an empty list means any."""

    @property
    def restoration_modes(self) -> Sequence[str]: ...

    @property
    def funding_modes(self) -> Sequence[str]: ...


class Entry(Filtered, Protocol):
    @property
    def id(self) -> str: ...


def holds(one: Filtered, restoration: str | None, funding: str | None) -> bool:
    """Whether a requirement applies under these modes; one that names modes does not apply while none is set."""
    return (not one.restoration_modes or restoration in one.restoration_modes) and (
        not one.funding_modes or funding in one.funding_modes
    )


def is_allowed(allowed: dict[str, tuple[str, ...]], restoration: str | None, funding: str | None) -> bool:
    """Whether the plan allows this pair; a mode that is not set is compatible with every other."""
    if not allowed:
        return True
    if restoration is None:
        return funding is None or any(not pays or funding in pays for pays in allowed.values())
    return restoration in allowed and (funding is None or not allowed[restoration] or funding in allowed[restoration])


def allowed_by(modes: Modes) -> dict[str, tuple[str, ...]]:
    """The allowed pairs as `ModeTerms` keeps them."""
    return {one.restoration.value: tuple(f.value for f in one.funding) for one in modes.allowed}


def pairs_in_words(allowed: dict[str, tuple[str, ...]]) -> str:
    """`natural (any funding); market with index_trading or enterprise`."""
    if not allowed:
        return "any restoration mode with any funding mode"
    return "; ".join(
        f"{restoration} with {' or '.join(pays)}" if pays else f"{restoration} (any funding)"
        for restoration, pays in allowed.items()
    )


def mode_contradictions(modes: Modes | None, catalogue: Iterable[Entry]) -> list[str]:
    """Faults of a plan: catalogue entries for modes that the plan does not have, or does not allow."""
    faults = []
    for entry in catalogue:
        asked = bool(entry.restoration_modes or entry.funding_modes)
        if asked and modes is None:
            faults.append(f"catalogue: {entry.id} asks for a mode, and the plan has no `modes`")
        elif asked and modes is not None and not _can_hold(entry, allowed_by(modes)):
            faults.append(f"catalogue: {entry.id} asks for modes of which `modes.allowed` allows no pair")
    return faults


def _can_hold(entry: Entry, allowed: dict[str, tuple[str, ...]]) -> bool:
    return any(
        is_allowed(allowed, restoration, funding)
        for restoration in entry.restoration_modes or tuple(RestorationMode)
        for funding in entry.funding_modes or tuple(FundingMode)
    )


class SetMode(Command):
    """The city or county sets or switches a site's modes; a mode that is left out stays as it is."""

    kind: Literal["set_mode"] = "set_mode"
    restoration_mode: RestorationMode | None = None
    funding_mode: FundingMode | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.restoration_mode is None and self.funding_mode is None:
            raise ValueError("expected a restoration mode, a funding mode, or both")
        return self


class DecideMode(Command):
    """The province confirms the modes that were proposed, or refuses them with its reason.

    Named modes must be those of the proposal, so that a proposal that changed meanwhile is not confirmed.
    """

    kind: Literal["decide_mode"] = "decide_mode"
    confirmed: bool
    reason: Reason | None = None
    restoration_mode: RestorationMode | None = None
    funding_mode: FundingMode | None = None

    @model_validator(mode="after")
    def _refusal_has_its_reason(self) -> Self:
        if not self.confirmed and self.reason is None:
            raise ValueError("expected the reason of a refusal")
        return self


class ModeState(StoredModel):
    """`modes` are the modes that were set; None while those of the register are in force."""

    modes: Pair | None = None
    proposed: Pair | None = None
    """The proposal that the province has not decided yet."""
    switches: int = 0
    proposed_at: Instant | None = new_field(None)


_R, _V = Stage.RECTIFYING, Stage.VERIFYING


MODES = Option(
    name="modes",
    subject="site",
    commands={"set_mode": SetMode, "decide_mode": DecideMode},
    events=(ModeProposed, ModeWithdrawn, ModeRefused, ModeSet),
    permits={
        "set_mode": at(OPEN_SITE, BY_CITY, BY_COUNTY),
        "decide_mode": at(OPEN_SITE, BY_PROVINCE),
    },
    rows_after="carry_over",
    transitions={
        **{
            (stage, event): stage
            for stage in OPEN_SITE.site
            for event in ("mode_proposed", "mode_withdrawn", "mode_refused")
        },
        (_R, "mode_set"): _R,
        (_V, "mode_set"): _R,
    },
    command_events={
        "set_mode": ("mode_set", "mode_proposed", "mode_withdrawn"),
        "decide_mode": ("mode_set", "mode_refused"),
    },
)
