"""The status of spot checks, one check with its units and sites, and a repeated draw."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from rules.spot_check.sampling import unit_of
from rules.spot_check.state import Finding
from schemas.options.spot_checks import Draw
from services.common.text import counted, deadline, local
from services.spot_checks.redraw import FileDraw, Redrawn
from services.spot_checks.subjects import SpotCheckSubject

_SHOWN = 20
"""Maximum of printed differences of a draw."""
_NOTHING = "the frame is empty: no site was struck off when the sample was drawn, and nothing is to inspect"
_COUNTS = ("frame", "sampled", "passed", "failed", "waiting", "sent back")


def spot_checks_page(campaign_id: str, checks: Sequence[SpotCheckSubject]) -> Page:
    """All spot checks of a campaign."""
    views = [one.check.view(one.now) for one in checks]
    rows = [
        (v.check, v.city or "all", v.state, v.seed, v.frame_size, v.sampled, v.passed, v.failed, len(v.pending),
         len(v.sent_back), deadline(v.due, one.zone))
        for v, one in zip(views, checks, strict=True)
    ]  # fmt: skip
    shown = table(("check", "city", "state", "seed", *_COUNTS, "due"), rows, right=["seed", *_COUNTS])
    none = Text(f"campaign {campaign_id}: no spot check was ordered yet")
    return Page([view.model_dump(mode="json") for view in views], shown if rows else none)


def spot_check_page(subject: SpotCheckSubject) -> Page:
    """One spot check: its draw, its units, and every site of its sample."""
    campaign_id, check = subject.campaign_id, subject.check.terms.check
    aggregate, now, zone = subject.check, subject.now, subject.zone
    view, state, plan = aggregate.view(now), aggregate.state, aggregate.terms.plan
    late = [name for name, one in view.pending.items() if one.due < now]
    shown = Group(
        Text(f"{campaign_id}  spot check {check}", style="bold"),
        facts(
            [
                ("state", view.state),
                ("sites of", view.city or "all cities"),
                ("drawn", local(aggregate.terms.ordered_at, zone)),
                ("seed", view.seed),
                ("frame", f"{counted(view.frame_size, 'site')}, {view.frame_hash}" if view.frame_hash else None),
                (
                    "share",
                    f"{plan.share:g} of each county and hazard, at least {plan.minimum}"
                    + "".join(f"; {hazard} {share:g}" for hazard, share in plan.shares.items()),
                ),
                ("found", f"{view.passed} passed, {view.failed} failed, {len(view.pending)} wait for inspection"),
                ("late", ", ".join(late)),
                ("who took the list", ", ".join(state.takers)),
                ("enlarged", ", ".join(view.enlarged)),
                (
                    "returned",
                    ", ".join(f"{unit} ({counted(len(state.batches[unit]), 'site')})" for unit in view.returned),
                ),
                ("sent back", ", ".join(view.sent_back)),
                ("work it out again", f"starter.py redraw {campaign_id} {check}"),
            ]
        ),
        Text(),
        _sites(subject) if state.sampled else Text(_NOTHING if view.frame_hash else "the sample is not drawn yet"),
    )
    data = {**view.model_dump(mode="json"), "late": late, "units": _units(subject), "takers": state.takers}
    return Page({**data, "sample": [_row(name, subject) for name in state.sampled]}, shown)


def _sites(subject: SpotCheckSubject) -> RenderableType:
    return table(
        ("site", "county", "hazard", "sample", "finding", "due"),
        (
            (
                name,
                one.site.county,
                one.site.hazard,
                "enlarged" if one.enlarged else "first",
                one.finding.value,
                deadline(one.due, subject.zone) if one.finding is Finding.PENDING else "",
            )
            for name, one in subject.check.state.sampled.items()
        ),
    )


def _units(subject: SpotCheckSubject) -> list[str]:
    state = subject.check.state
    return sorted({unit_of(state.unit, one.site) for one in state.sampled.values()})


def _row(name: str, subject: SpotCheckSubject) -> dict[str, object]:
    one = subject.check.state.sampled[name]
    said = {"city": one.site.city, "county": one.site.county, "hazard": one.site.hazard, "enlarged": one.enlarged}
    return {"site": name, **said, "finding": one.finding.value, "due": one.due.isoformat()}


def redraw_page(found: Redrawn) -> Page:
    """A recorded draw and the result of its repetition."""
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
    """A draw from an exported frame; with a published hash also the comparison."""
    drawn, seed = found.draw, found.seed
    data = drawn.model_dump(mode="json", exclude={"sample": {"__all__": {"participants"}}})
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
