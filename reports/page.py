"""Renders the report's page: one HTML file without external resources."""

from collections.abc import Mapping
from datetime import date, datetime

from reports import burndown_chart, city_bars
from reports.facts import Facts
from reports.files import environment
from reports.tables import counties as county_deployments
from reports.tables import targets as target_progress
from reports.tables.modes import mode_tables, share
from reports.tables.phases import lacking, state_of
from reports.tables.signatures import signatures
from reports.words.catalogue import Words
from schemas.local_time import last_day, local_day, shown_instant
from schemas.plan import Plan
from schemas.quantity import written
from schemas.status import SiteCounts

WORKBOOK = "report.xlsx"


def render_page(facts: Facts, as_of: datetime) -> str:
    """The whole HTML text in the plan's language, with every instant in the plan's time zone."""
    plan, status = facts.plan, facts.status
    words = Words(plan.language)
    city_names = {city.code: city.name for city in plan.cities}

    def instant(value: datetime | None) -> str:
        return shown_instant(value, plan.zone) if value else "—"

    def day(value: datetime | None) -> str:
        return month_and_day(local_day(value, plan.zone)) if value else "—"

    def due_day(value: datetime | None) -> str:
        return month_and_day(last_day(value, plan.zone)) if value else "—"

    def subject(stream: str) -> str:
        """A stream's subject: `site/henan-2021/ZZ-1` is the site ZZ-1; the campaign's own stream needs no id."""
        kind, _, rest = stream.partition("/")
        name = rest.partition("/")[2]
        return f"{words.named('subject', kind)} {city_names.get(name, name)}".strip()

    return (
        environment()
        .get_template("report.html.j2")
        .render(
            facts=facts,
            plan=plan,
            status=status,
            words=words,
            instant=instant,
            day=day,
            last_day=due_day,
            subject=subject,
            rungs=rungs,
            percent=percent,
            as_of=as_of,
            phase=phase_title(plan, status.phase, words),
            progress=progress(plan, status.day, status.days, as_of, words),
            progress_lines=tuple(target_progress.lines(status)),
            progress_heads=target_progress.column_words(status),
            counties=tuple(county_deployments.lines(status)),
            chart=burndown_chart.draw(facts.days, status.sites.total, plan.phases, plan.starts_on, plan.ends_on),
            burndown_text=burndown_text(facts, words),
            layout=burndown_chart,
            bars={line.status.code: city_bars.segments(line.status.sites.by_stage) for line in facts.cities},
            bar=city_bars,
            open_sites=open_sites(status.sites),
            workbook=WORKBOOK,
            mode_tables=mode_tables(status, words),
            mode_share=share,
            acting_phases=any(phase.gate or phase.milestones for phase in status.phases),
            phase_state=lambda phase: state_of(phase, plan, words),
            lacking=lambda one: lacking(one, city_names, words),
            city_names=city_names,
            written=written,
            signatures=signatures(plan, status, words),
        )
    )


def open_sites(sites: SiteCounts) -> int:
    """Sites that are neither closed nor carried over."""
    return sites.total - sites.by_stage["closed"] - sites.by_stage["carried_over"]


def phase_title(plan: Plan, phase: str, words: Words) -> str:
    """The plan's title of a phase, or the word for a campaign outside its phases."""
    return next((p.title for p in plan.phases if p.id == phase), words.named("phase", phase))


def month_and_day(day: date) -> str:
    """`08-31`; the year is that of the page."""
    return f"{day.month:02}-{day.day:02}"


def rungs(by_rung: Mapping[str, int]) -> str:
    """`1×4 2×1`: four open sites on rung 1, one on rung 2."""
    return " ".join(f"{rung}×{sites:,}" for rung, sites in by_rung.items()) or "—"


def progress(plan: Plan, day: int, days: int, as_of: datetime, words: Words) -> str:
    """Day x of y, or that the campaign has not begun or has ended."""
    today = local_day(as_of, plan.zone)
    if today < plan.starts_on:
        return words("day_before", days=days)
    if today > plan.ends_on:
        return words("day_after", days=days)
    return words("day_value", day=day, days=days)


def burndown_text(facts: Facts, words: Words) -> str:
    """A sentence that describes the burn-down: the text alternative of the chart."""
    if not facts.days:
        return words("day_before", days=facts.status.days)
    last, peak = facts.days[-1], max(facts.days, key=lambda count: count.overdue)
    return words(
        "burndown_text",
        first=facts.days[0].day,
        last=last.day,
        registered=f"{facts.status.sites.total:,}",
        open=f"{last.open:,}",
        closed=f"{last.closed:,}",
        carried=f"{last.carried_over:,}",
        peak=f"{peak.overdue:,}",
        peak_day=peak.day,
        overdue=f"{last.overdue:,}",
    )


def percent(part: int, whole: int) -> str:
    """A share with one decimal, `—` if there is nothing to share. 100 % only if the part is the whole."""
    if not whole:
        return "—"
    tenths = round(1000 * part / whole)
    if tenths == 1000 and part < whole:
        tenths = 999
    return f"{tenths / 10:.1f}%"
