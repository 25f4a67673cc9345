"""Where spot checks stand: all of a campaign, and one with its units and its sites."""

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from rules.spot_check.sampling import unit_of
from rules.spot_check.state import Finding
from services.common.text import counted, deadline, local
from services.spot_checks.subjects import SpotCheckSubject, spot_check_subject, spot_check_subjects
from storage.connections import Pool

_NOTHING = "the frame is empty: no site was struck off when the sample was drawn, and nothing is to inspect"
_COUNTS = ("frame", "sampled", "passed", "failed", "waiting", "sent back")


async def spot_checks_page(pool: Pool, campaign_id: str) -> Page:
    """All spot checks of a campaign."""
    checks = await spot_check_subjects(pool, campaign_id)
    views = [one.check.view(one.now) for one in checks]
    rows = [
        (v.check, v.city or "all", v.state, v.seed, v.frame_size, v.sampled, v.passed, v.failed, len(v.pending),
         len(v.sent_back), deadline(v.due, one.zone))
        for v, one in zip(views, checks, strict=True)
    ]  # fmt: skip
    shown = table(("check", "city", "state", "seed", *_COUNTS, "due"), rows, right=["seed", *_COUNTS])
    none = Text(f"campaign {campaign_id}: no spot check was ordered yet")
    return Page([view.model_dump(mode="json") for view in views], shown if rows else none)


async def spot_check_page(pool: Pool, campaign_id: str, check: str) -> Page:
    """One spot check: its draw, its units, and every site of its sample."""
    subject = await spot_check_subject(pool, campaign_id, check)
    case, now, zone = subject.check, subject.now, subject.zone
    view, state, plan = case.view(now), case.state, case.terms.plan
    late = [name for name, one in view.pending.items() if one.due < now]
    shown = Group(
        Text(f"{campaign_id}  spot check {check}", style="bold"),
        facts(
            [
                ("state", view.state),
                ("sites of", view.city or "all cities"),
                ("drawn", local(case.terms.ordered_at, zone)),
                ("seed", view.seed),
                ("frame", f"{counted(view.frame_size, 'site')}, {view.frame_hash}" if view.frame_hash else None),
                ("share", f"{plan.share:g} of each county and hazard, at least {plan.minimum}"),
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
