"""Reports like an earlier one under another id: accepted, with a warning that names the earlier one."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import commands as cmd
from schemas.answers import Verdict
from schemas.evidence import Evidence, EvidencePhase
from tests.support.budget import examples
from tests.support.sample_terms import BUILDER, SiteLife, failed, on, report

NOON = on(7, 20, 12)
PHOTOS = st.lists(
    st.tuples(st.sampled_from(EvidencePhase), st.sampled_from(["a.jpg", "b.jpg", "c.jpg"])), max_size=3, unique=True
)
FORMS = st.tuples(
    st.sampled_from(["seal", "signs"]), st.sampled_from([1, 2]), PHOTOS, st.integers(0, 150).map(lambda s: s * 10)
)


def form(
    command_id: str, requirement: str, quantity: float, photos: list[tuple[EvidencePhase, str]], at: datetime = NOON
) -> cmd.CompleteTask:
    evidence = tuple(Evidence(phase=phase, ref=ref) for phase, ref in photos)
    return report(at, requirement, quantity, by=BUILDER, command_id=command_id).model_copy(
        update={"evidence": evidence}
    )


def warnings(site: SiteLife, command: cmd.CompleteTask, now: datetime | None = None) -> list[str]:
    """What the sender of an accepted report is told, without what is said of its quantity."""
    result = site.at(now or command.effective_at, command).result_of(command.command_id)
    assert result.verdict is Verdict.ACCEPTED, result.reason
    return [said for said in result.warnings if "more than is asked" not in said]


AFTER = [(EvidencePhase.AFTER, "IMG_1.jpg")]


def test_same_form_under_two_ids_counts_twice_and_names_the_first() -> None:
    site = SiteLife()
    assert warnings(site, form("phone-1", "seal", 1, AFTER)) == []
    (said,) = warnings(site, form("phone-2", "seal", 1, AFTER))
    assert said.startswith(
        "this looks like report 'phone-1' of 2021-07-20 (1 处 of 'seal'): it has the same photo IMG_1"
    )
    assert "no command takes a report back" in said
    assert site.state.done["seal"] == 2


def test_same_quantity_without_photos_is_a_twin_within_its_minute() -> None:
    site = SiteLife()
    warnings(site, form("first", "signs", 1, [], NOON + timedelta(seconds=5)))
    (said,) = warnings(site, form("second", "signs", 1, [], NOON + timedelta(seconds=50)))
    assert "'first'" in said and "the same quantity in the same minute" in said
    assert warnings(site, form("third", "signs", 1, [], NOON + timedelta(seconds=70))) == []


def test_works_of_two_days_that_arrive_together_late_are_no_twins() -> None:
    site, heard = SiteLife(), on(7, 28, 9)
    site.at(heard, form("first", "signs", 1, [], on(7, 20, 9)))
    (not_taken,) = warnings(site, form("second", "signs", 1, [], on(7, 21, 9)), heard)
    assert "past the plan's tolerance" in not_taken


def test_form_sent_again_beyond_the_tolerance_is_a_twin_of_its_day() -> None:
    site = SiteLife()
    warnings(site, form("first", "signs", 1, []), on(7, 20, 13))
    _, twin = warnings(site, form("second", "signs", 1, []), on(7, 28, 9))
    assert "'first' of 2021-07-20" in twin
    warnings(site, form("third", "seal", 1, AFTER), on(7, 28, 9))
    _, photo = warnings(site, form("fourth", "seal", 1, AFTER), on(7, 29, 9))
    assert "'third' of 2021-07-20" in photo, "not of the day of its receipt"


def test_photo_of_another_requirement_or_phase_is_asked_about() -> None:
    site = SiteLife()
    warnings(site, form("first", "seal", 1, AFTER))
    (other_work,) = warnings(site, form("second", "signs", 1, AFTER))
    (other_phase,) = warnings(site, form("third", "seal", 1, [(EvidencePhase.BEFORE, "IMG_1.jpg")]))
    for said in (other_work, other_phase):
        assert said == (
            "photo IMG_1.jpg was sent with report 'first' of 2021-07-20 already, as after of 'seal': "
            "is it the right photo?"
        )


def test_one_photo_for_two_phases_of_a_report_is_asked_about() -> None:
    both = [(EvidencePhase.BEFORE, "IMG_1.jpg"), (EvidencePhase.AFTER, "IMG_1.jpg")]
    assert warnings(SiteLife(), form("first", "seal", 1, both)) == [
        "photo IMG_1.jpg stands for before and after in this report: is it the right photo?"
    ]


def test_photo_of_a_round_before_is_recognised_again() -> None:
    site = SiteLife()
    site.at(NOON, form("first", "seal", 2, AFTER), report(NOON, "signs", 3))
    site.at(on(7, 21), failed(on(7, 21), "county", "seal"))
    (said,) = warnings(site, form("second", "seal", 2, AFTER, on(7, 22)))
    assert "'first'" in said


@settings(max_examples=examples(100), derandomize=True, deadline=None, database=None)
@given(st.lists(FORMS, min_size=1, max_size=6), st.sampled_from([on(7, 20, 14), on(7, 28, 9)]))
def test_warned_exactly_where_something_was_seen_before(
    forms: list[tuple[str, int, list[tuple[EvidencePhase, str]], int]], heard: datetime
) -> None:
    """Whether the reports are heard of within the plan's tolerance or beyond it."""
    site = SiteLife()
    known: list[tuple[str, int, frozenset[tuple[EvidencePhase, str]], datetime]] = []
    for number, (requirement, quantity, photos, seconds) in enumerate(forms):
        at = NOON + timedelta(seconds=seconds)
        every = warnings(site, form(f"c{number}", requirement, quantity, photos, at), heard)
        said = [one for one in every if "is not taken as its time" not in one]
        mine, minute = frozenset(photos), at.replace(second=0)
        twins = [
            place
            for place, (work, much, theirs, then) in enumerate(known)
            if work == requirement and (mine & theirs or (mine, quantity, minute) == (theirs, much, then))
        ]
        refs = [ref for _, ref in photos]
        used = {ref for _, _, theirs, _ in known for _, ref in theirs} & set(refs)
        assert bool(said) == bool(twins or used or len(set(refs)) < len(refs))
        assert (
            [one.startswith(f"this looks like report 'c{twins[0]}'") for one in said[:1]] == [True] if twins else True
        )
        assert sum("this looks like" in one for one in said) == min(1, len(twins)), "one warning, of the first twin"
        assert all(any(ref in one for one in said) for ref in used), "no photo that was used before is passed over"
        known.append((requirement, quantity, mine, minute))
