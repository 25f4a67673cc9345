"""The two-way sweep: patches and clues are issued, settled once, and told of while nobody settles them."""

import json
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.city.aggregate import CityAggregate
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.events import CITY_EVENTS
from schemas.options.surveys import FoundCounts, SurveyRecord
from schemas.options.sweep import ConfirmPatch, IssuePatches, PatchLine, RefutePatch, ReportClue, SweepTerms
from schemas.work import ReconcileReport
from tests.support.imagined_city import CityLife, city_terms
from tests.support.sample_terms import PROVINCE, on, working

RULE = SweepTerms(check=working(5), clue=working(3), upward=working(2), levels=(0, 1, 4), police=("bureau",))
COUNTY = Actor(id="c", role=Role.COUNTY, unit="410423")
OTHER = Actor(id="o", role=Role.COUNTY, unit="410422")
POLICE = Actor(id="p", role=Role.POLICE, unit="bureau")
DIGEST = "a" * 64


def life(**changes: Any) -> CityLife:
    """A city whose plan has a sweep, with its plan received on Monday 19 July 2021."""
    city = CityLife(CityAggregate(city_terms(**({"sweep": RULE, "surveys": True} | changes))))
    city.at(on(7, 19, 9))
    return city


def said(kind: type[cmd.Command], by: Actor, at: datetime, **content: Any) -> cmd.Command:
    """A command with an id of its own."""
    name = "-".join(str(one) for one in (kind.__name__, at.isoformat(), content.get("patch", content.get("clue", ""))))
    return kind(command_id=f"{name}-{by.unit}", actor=by, effective_at=at, **content)


def issued(at: datetime, *ids: str, batch: str = "B1", digest: str = DIGEST) -> cmd.Command:
    """A batch in county 410423."""
    lines = tuple(PatchLine(id=one, county="410423", place="北坡") for one in ids)
    content = {"batch": batch, "source": "GF-2", "digest": digest, "patches": lines}
    return said(IssuePatches, PROVINCE, at, **content)


def confirmed(at: datetime, patch: str, by: Actor = COUNTY, digest: str | None = DIGEST) -> cmd.Command:
    return said(ConfirmPatch, by, at, patch=patch, site=f"site-{patch}", digest=digest)


def refuted(at: datetime, patch: str, by: Actor = COUNTY) -> cmd.Command:
    return said(RefutePatch, by, at, patch=patch, reason="农用地")


def events(city: CityLife, kind: str) -> list[Any]:
    """The events of a kind, in order."""
    return [CITY_EVENTS[kind].model_validate_json(entry.data) for entry in city.of(kind)]


def refusal(city: CityLife, at: datetime, command: cmd.Command) -> str:
    """Why a city refuses a command."""
    found = city.core.refusal(command, at)
    assert found is not None
    return str(found)


def test_batch_is_issued_once_with_one_document() -> None:
    city = life()
    city.at(on(7, 19, 10), issued(on(7, 19, 10), "A", "B"))
    city.at(on(7, 19, 11), issued(on(7, 19, 11), "A", "B"))
    city.at(on(7, 21, 12))

    assert len(events(city, "patches_issued")) == 1
    (document,) = [one for one in city.documents if one.kind == "patch_check"]
    assert [one["patch"] for one in document.data["patches"]] == ["A", "B"]
    assert "another content" in refusal(city, on(7, 21, 13), issued(on(7, 21, 13), "A", digest="b" * 64))
    assert "A: was issued before" in refusal(city, on(7, 21, 13), issued(on(7, 21, 13), "A", batch="B2"))


def test_confirmed_patch_becomes_a_site_by_a_survey() -> None:
    city = life()
    city.at(on(7, 19, 10), issued(on(7, 19, 10), "A"))
    city.at(on(7, 20, 10), confirmed(on(7, 20, 10), "A"))

    (added,) = events(city, "survey_added")
    assert (added.survey, added.sites, added.newly_found) == ("patch-A", 1, 1)
    assert city.core.state.surveys.keys() == {"patch-A"}
    assert "settled already: it was confirmed" in refusal(city, on(7, 20, 11), refuted(on(7, 20, 11), "A"))


def test_known_site_adds_none_to_the_register() -> None:
    city = life()
    city.at(on(7, 19, 10), issued(on(7, 19, 10), "A"))
    city.at(on(7, 20, 10), confirmed(on(7, 20, 10), "A", digest=None))

    assert events(city, "survey_added") == []
    facts = city.core.view(city.now).sweep
    assert facts is not None and facts.known == 1


def test_patch_is_settled_by_its_own_county_only() -> None:
    city = life()
    city.at(on(7, 19, 10), issued(on(7, 19, 10), "A"))

    assert "410423" in refusal(city, on(7, 20, 10), refuted(on(7, 20, 10), "A", by=OTHER))
    assert "no patch or clue B" in refusal(city, on(7, 20, 10), refuted(on(7, 20, 10), "B"))


def test_patch_settled_before_its_issue_counts_as_received() -> None:
    city = life()
    city.at(on(7, 21, 10), issued(on(7, 21, 10), "A"))
    city.at(on(7, 21, 12), refuted(on(7, 20, 10), "A"))

    (entry,) = [one for one in city.entries if one.kind == "patch_refuted"]
    assert entry.at == on(7, 21, 12)


def test_city_without_sweep_refuses_patches_and_clues() -> None:
    city = life(sweep=None)

    assert "no `sweep`" in refusal(city, on(7, 19, 10), issued(on(7, 19, 10), "A"))


def test_site_in_the_register_can_not_be_refuted() -> None:
    """A look after lost sites found the survey whose command was lost."""
    city = life()
    city.at(on(7, 19, 10), issued(on(7, 19, 10), "A"))
    survey = {"survey": "patch-A", "digest": DIGEST, "sites": 1, "newly_found": 1}
    city.at(on(7, 19, 11), said(cmd.CITY_COMMANDS["survey_added"], PROVINCE, on(7, 19, 11), **survey))

    assert "has a site" in refusal(city, on(7, 19, 12), refuted(on(7, 19, 12), "A"))
    assert "another content" in refusal(city, on(7, 19, 12), confirmed(on(7, 19, 12), "A", digest="b" * 64))
    city.at(on(7, 19, 12), confirmed(on(7, 19, 12), "A"))
    assert len(events(city, "survey_added")) == len(events(city, "patch_confirmed")) == 1


def test_silence_is_told_once_per_level_with_fresh_grace() -> None:
    city = life()
    city.at(on(7, 19, 10), issued(on(7, 19, 10), "A", "B"))
    city.at(on(7, 22, 10), refuted(on(7, 22, 10), "B"))
    city.quiet_until(on(8, 20, 12))

    assert [(one.patches, one.told) for one in events(city, "patches_overdue")] == [
        (("A",), 0),
        (("A",), 1),
        (("A",), 4),
    ]
    told = [(one.rung, one.issued_at.date().isoformat()) for one in city.documents if one.kind == "patches_overdue"]
    assert told == [(0, "2021-07-27"), (1, "2021-07-30"), (4, "2021-08-04")]


def test_settled_before_the_dispatch_is_not_told() -> None:
    city = life()
    city.at(on(7, 19, 10), issued(on(7, 19, 10), "A"))
    city.at(on(7, 27, 1), refuted(on(7, 27, 1), "A"))
    city.quiet_until(on(8, 20, 12))

    assert [one for one in city.documents if one.kind == "patches_overdue"] == []


def test_last_patch_of_a_batch_is_followed_by_its_summary() -> None:
    city = life()
    city.at(on(7, 19, 10), issued(on(7, 19, 10), "A", "B"))
    city.at(on(7, 20, 10), confirmed(on(7, 20, 10), "A"), refuted(on(7, 20, 10), "B"))
    city.at(on(7, 22, 12))

    (summary,) = [one for one in city.documents if one.kind == "sweep_summary"]
    assert {key: summary.data[key] for key in ("issued", "confirmed", "known", "refuted")} == {
        "issued": 2, "confirmed": 1, "known": 0, "refuted": 1,
    }  # fmt: skip


def test_clue_of_the_police_is_settled_like_a_patch() -> None:
    city = life()
    clue = {"clue": "C-1", "county": "410423", "text": "旧案卷", "reference": "〔2016〕8号"}
    assert "report_clue" in refusal(city, on(7, 19, 10), said(ReportClue, COUNTY, on(7, 19, 10), **clue))
    city.at(on(7, 19, 10), said(ReportClue, POLICE, on(7, 19, 10), **clue))
    city.at(on(7, 20, 10), confirmed(on(7, 20, 10), "C-1"))
    city.at(on(7, 22, 12))

    assert [one.kind for one in city.documents if one.kind == "clue_check"] == ["clue_check"]
    facts = city.core.view(city.now).sweep
    assert facts is not None
    assert (facts.issued, facts.clues, facts.confirmed, facts.open) == (1, 1, 1, 0)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_sweep_settles_each_patch_at_most_once(seed: int) -> None:
    """Whatever is said: one outcome each, one site for each confirmed one, sums add up, a level is told once."""
    draw, city = Random(seed), life()
    issued_ids: set[str] = set()
    for step in range(40):
        now = on(7, 19, 10).replace(day=19) if step == 0 else city.now
        now = now.fromtimestamp(now.timestamp() + draw.choice([60, 3600, 40_000, 90_000, 400_000]), now.tzinfo)
        back = now.fromtimestamp(now.timestamp() - draw.choice([0, 0, 7200, 200_000]), now.tzinfo)
        name = f"P{draw.randint(1, 9)}"
        match draw.randint(0, 5):
            case 0:
                said_now = issued(now, name, f"Q{draw.randint(1, 9)}", batch=f"B{draw.randint(1, 4)}")
            case 1:
                clue = {"clue": f"C{draw.randint(1, 4)}", "county": "410423", "text": "x"}
                said_now = said(ReportClue, POLICE, now, **clue)
            case 2 | 3:
                patch = draw.choice([name, f"Q{draw.randint(1, 9)}", f"C{draw.randint(1, 4)}"])
                said_now = confirmed(back, patch, digest=draw.choice([None, DIGEST]))
            case _:
                said_now = refuted(back, draw.choice([name, f"C{draw.randint(1, 4)}"]))
        city.at(now, said_now)
        issued_ids = {one.id for event in events(city, "patches_issued") for one in event.patches}
        issued_ids |= {event.clue for event in events(city, "clue_reported")}
        ended = events(city, "patch_confirmed") + events(city, "patch_refuted")
        assert len({one.patch for one in ended}) == len(ended)
        new = [one.patch for one in events(city, "patch_confirmed") if not one.known]
        assert [f"patch-{one}" for one in new] == [one.survey for one in events(city, "survey_added")]
        facts = city.core.view(now).sweep
        if facts is not None:
            assert facts.issued == len(issued_ids) == facts.open + facts.confirmed + facts.known + facts.refuted
    told = [(patch, one.told) for one in events(city, "patches_overdue") for patch in one.patches]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("late", [1, 3])
def test_deadline_counts_from_when_the_engine_heard(late: int) -> None:
    city = life()
    city.at(on(7, 19 + late, 10), issued(on(7, 19, 10), "A"))

    (event,) = events(city, "patches_issued")
    assert event.due.date().isoformat() == {1: "2021-07-27", 3: "2021-07-29"}[late]


def test_site_of_a_refuted_patch_is_not_found_again() -> None:
    """The row of a confirmation whose command was lost stands in the register when another one refutes the patch."""
    city = life()
    city.at(on(7, 19, 10), issued(on(7, 19, 10), "A", "B"))
    city.at(on(7, 19, 11), refuted(on(7, 19, 11), "A"))
    found = {"410400": FoundCounts(sites=1, newly_found=1, missed=0)}
    records = tuple(
        SurveyRecord(id=name, digest=DIGEST, at=on(7, 19, 11), actor=PROVINCE.model_dump_json(), cities=found)
        for name in ("patch-A", "patch-B")
    )
    outcome = city.core.observe(ReconcileReport(at=on(7, 20), surveys=records), on(7, 20))
    assert [json.loads(one.data)["survey"] for one in outcome.entries if one.kind == "survey_added"] == ["patch-B"]
