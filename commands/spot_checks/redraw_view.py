"""A draw that was worked out again: what was recorded, and in what it differs."""

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from schemas.options.spot_checks import Draw
from services.common.text import counted
from services.spot_checks.redraw import FileDraw, Redrawn

_SHOWN = 20


def redraw_page(found: Redrawn) -> Page:
    """A recorded draw and its proof."""
    drawn, more = found.drawn, found.enlarged
    data = {
        "campaign_id": found.campaign_id,
        "check": found.check,
        "seed": drawn.seed,
        "frame_hash": drawn.frame_hash,
        "frame_size": drawn.frame_size,
        "sample": [one.id for one in drawn.sample],
        "enlarged": {one.unit: [site.id for site in one.sample] for one in more},
        "holds": found.holds,
        "differences": list(found.differences),
    }
    sampled = len(drawn.sample) + sum(len(one.sample) for one in more)
    shown = facts(
        [
            ("seed", drawn.seed),
            ("frame", f"{counted(drawn.frame_size, 'site')}, {drawn.frame_hash}"),
            ("share", f"{drawn.share}, at least {drawn.minimum}; enlarged by {drawn.enlarge}"),
            ("sample", counted(sampled, "site")),
            ("written", str(found.written) if found.written is not None else None),
        ]
    )
    title = Text(f"{found.campaign_id}  spot check {found.check}", style="bold")
    return Page(data, Group(title, shown, _verdict(found.differences)))


def file_page(found: FileDraw) -> Page:
    """A draw from an exported frame; with a published hash, whether it is that frame."""
    drawn, seed = found.draw, found.seed
    data = drawn.model_dump(mode="json", exclude={"sample": {"__all__": {"hands"}}})
    said = [] if found.holds else [f"{found.file}: its hash is {drawn.frame_hash}, expected {found.expected}"]
    proof = [_verdict(said)] if found.expected is not None else []
    return Page({**data, "seed": seed, "holds": found.holds}, Group(_drawn(drawn, seed), *proof))


def _drawn(found: Draw, seed: int) -> Group:
    return Group(
        facts([("seed", seed), ("frame", f"{counted(found.frame_size, 'site')}, {found.frame_hash}")]),
        Text(),
        table(
            ("city", "county", "hazard", "size", "drawn"),
            ((one.city, one.county, one.hazard, one.size, one.drawn) for one in found.strata),
            right=["size", "drawn"],
        ),
        Text("sample: " + (", ".join(one.id for one in found.sample) or "nothing")),
    )


def _verdict(said: Sequence[str]) -> Text:
    if not said:
        return Text("worked out again: frame, hash and every drawn site are as recorded")
    more = f"\n... and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return Text("worked out again, it DIFFERS:\n" + "\n".join(said[:_SHOWN]) + more, style="bold red")
