"""What an edited export comes to before anything is sent: every command built, and judged as the rules would."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from commands.offline.view import tell_imported
from intake.offline_file import read_offline
from reports.offline import tasks_file
from schemas import commands as cmd
from schemas.actor import Actor
from schemas.errors import Refused, Unreachable
from schemas.plan import Extent
from services.common.send_options import SendOptions
from services.offline import importing
from services.offline.commands import Ready, built
from services.offline.edits import Outcome, Unwanted, Wanted
from tests.support.plans import COUNTY, CREW, PROVINCE, report, site, verdict
from tests.unit.services.offline.test_edits import FROZEN, LATER, NEXT, edited, exported_to, judged, lived

NOW = LATER + timedelta(days=1)


def prepared(found: list[Outcome], actor: Actor = COUNTY) -> tuple[list[Ready], list[Outcome]]:
    return built(found, actor, NOW)


def test_invalid_content_listed_with_row_column_and_value(tmp_path: Path) -> None:
    now = lived(site(1))
    exported_to(tmp_path / "r.csv", now)
    photos = "; ".join(f"after:{number}.jpg" for number in range(51))
    ready, rest = prepared(judged(edited(tasks_file(tmp_path / "r.csv"), new_evidence=photos), now))
    assert not ready
    (fault,) = rest
    assert isinstance(fault, Unwanted) and fault.column == "new_evidence" and "50" in fault.reason
    assert (fault.row.row, fault.row.cells["new_evidence"]) == (2, photos)


@pytest.mark.parametrize(("longitude", "held"), [("133.25", False), ("113.25", True)])
def test_a_place_outside_the_plans_extent_is_not_corrected_to(tmp_path: Path, longitude: str, held: bool) -> None:
    one = site(1).model_copy(update={"latitude": 34.0, "longitude": 113.0})
    extent = Extent(south=31, west=110, north=36.5, east=117)
    henan = FROZEN.model_copy(update={"plan": FROZEN.plan.model_copy(update={"extent": extent})})
    now = replace(lived(one), frozen=henan)
    exported_to(tmp_path / "r.csv", now)
    found = judged(edited(tmp_path / "r.csv", longitude=longitude, mineral="coal"), now)
    faults = [one for one in found if isinstance(one, Unwanted)]
    (wanted,) = (one for one in found if isinstance(one, Wanted))
    assert [fault.column for fault in faults] == ([] if held else ["longitude"])
    assert held or "inside the plan's extent" in faults[0].reason
    assert wanted.content["record"] == {"mineral": "coal"} | ({"longitude": 113.25} if held else {})


def test_imported_evidence_not_resent_when_others_reported_work(tmp_path: Path) -> None:
    before = lived(site(1))
    exported_to(tmp_path / "r.csv", before)
    file = edited(tasks_file(tmp_path / "r.csv"), done="1", new_evidence="before:a.jpg; after:b.jpg")
    others = (NEXT, report("signs", "m", NEXT))
    ((_, command, _),), _ = prepared(judged(file, lived(site(1), others)), CREW)
    assert isinstance(command, cmd.CompleteTask) and command.quantity == 0 and len(command.evidence) == 2
    assert judged(file, lived(site(1), others, (LATER, command))) == []


def test_who_may_not_report_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    now = lived(site(1))
    exported_to(tmp_path / "r.csv", now)
    found = judged(edited(tasks_file(tmp_path / "r.csv"), done="1"), now)
    ((allowed,), _), ((stranger,), _) = prepared(found, CREW), prepared(found, COUNTY.model_copy(update={"unit": "x"}))
    assert [edit.verdict for edit in importing.foreseen([allowed])] == ["would be sent"]
    (edit,) = importing.foreseen([stranger])
    assert edit.verdict == importing.WOULD_REFUSE and "complete_task" in (edit.reason or "")


def test_work_at_a_suspended_site_is_foreseen_as_refused(tmp_path: Path) -> None:
    stop = cmd.Suspend(command_id="stop", actor=PROVINCE, effective_at=NEXT, reason="flood alert")
    now = lived(site(1), (NEXT, stop))
    exported_to(tmp_path / "r.csv", now)
    ((told,), _) = prepared(judged(edited(tasks_file(tmp_path / "r.csv"), done="1"), now), CREW)
    (refused,) = importing.foreseen([told])
    assert "suspended since" in (refused.reason or "") and "flood alert" in (refused.reason or "")
    earlier = told._replace(command=told.command.model_copy(update={"effective_at": NEXT - timedelta(hours=1)}))
    assert importing.foreseen([earlier])[0].reason is None, "work of before the suspension counts"


def test_dry_run_shows_warnings_of_surplus_and_used_photos(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = lived(site(1), (NEXT, report("signs", "m", NEXT)))
    exported_to(tmp_path / "r.csv", now)
    edit_ = edited(tasks_file(tmp_path / "r.csv"), done="3", new_evidence="after:m-after.jpg")
    ready, rest = prepared(judged(edit_, now), CREW)
    edits = importing.foreseen(ready)
    warnings = [said for edit in edits for said in edit.warnings]
    assert not rest and any("more than is asked" in said for said in warnings)
    assert any("m-after.jpg" in said and "'m'" in said for said in warnings)
    assert importing.foreseen(ready) == edits, "a preview changes nothing"
    tell_imported(importing.Imported(FROZEN, ("r.tasks.csv",), edits, []), None, dry_run=True, as_json=False)
    assert capsys.readouterr().out.count("warning:") == len(warnings)


def test_dry_run_refuses_what_is_far_more_than_asked(tmp_path: Path) -> None:
    now = lived(site(1))
    exported_to(tmp_path / "r.csv", now)
    ready, _ = prepared(judged(edited(tasks_file(tmp_path / "r.csv"), done="2000000"), now), CREW)
    (edit,) = importing.foreseen(ready)
    assert edit.verdict == importing.WOULD_REFUSE and "2000000" in (edit.reason or "")


@pytest.mark.parametrize(("done", "expected"), [("1.0000001", "at most 6 decimals"), ("nan", "a number"), ("-1", "0")])
def test_quantity_too_fine_or_no_number_is_a_fault_of_its_cell(tmp_path: Path, done: str, expected: str) -> None:
    exported_to(tmp_path / "r.csv", lived(site(1)))
    (fault,) = read_offline(edited(tasks_file(tmp_path / "r.csv"), done=done)).faults
    assert (fault.row, fault.column, fault.value) == (2, "done", done) and expected in fault.expected


def test_with_a_csv_register_its_tasks_are_read_too(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"
    exported_to(target, lived(site(1)))
    both = read_offline(target, tasks_file(target))
    assert both.register and both.tasks and both.files == ("r.csv", "r.tasks.csv")
    alone = read_offline(tasks_file(target), target)
    assert not alone.register and alone.tasks and alone.files == ("r.tasks.csv",)


async def test_what_was_sent_before_a_server_went_away_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = lived(site(1))
    exported_to(tmp_path / "r.csv", now)
    (wanted,) = judged(edited(tasks_file(tmp_path / "r.csv"), done="1"), now)
    assert isinstance(wanted, Wanted)
    given: list[Wanted] = []

    async def sent(_servers: object, _campaign: str, one: Wanted, _options: SendOptions) -> importing.SentEdit:
        given.append(one)
        if len(given) == 2:
            raise Unreachable("gone")
        return importing.SentEdit(one, "accepted")

    monkeypatch.setattr(importing, "_sent", sent)
    edits, broken = await importing.send_all(None, "c", [wanted] * 3, SendOptions())  # type: ignore[arg-type]
    assert [edit.verdict for edit in edits] == ["accepted", "not sent", "not sent"]
    assert isinstance(broken, Unreachable) and len(given) == 2


def test_a_refusal_is_printed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = lived(site(1))
    exported_to(tmp_path / "r.csv", now)
    ((stranger,), _) = prepared(
        judged(edited(tasks_file(tmp_path / "r.csv"), done="1"), now), COUNTY.model_copy(update={"unit": "x"})
    )
    (edit,) = importing.foreseen([stranger])
    with pytest.raises(Refused, match="1 edit in conflict or refused"):
        tell_imported(importing.Imported(FROZEN, ("r.tasks.csv",), [edit], []), None, dry_run=True, as_json=False)
    said = capsys.readouterr().out
    assert "read: r.tasks.csv" in said and "would be sent" not in said
    assert "".join(said.split()).count("wouldberefused") <= 1 and edit.verdict == "would be refused"


def test_dry_run_says_that_work_was_sent_back_since(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exported after the failure; the file has the work of the day before it."""
    works = [(NEXT, report("signs", "w1", NEXT)), (NEXT, report("seal", "w2", NEXT))]
    failed = verdict("county", "v", LATER, COUNTY, passed=False, opinion="重做")
    now = lived(site(1), *works, (LATER, failed))
    exported_to(tmp_path / "r.csv", now)
    file = edited(tasks_file(tmp_path / "r.csv"), done="1", done_on=NEXT.date().isoformat())
    ((ready,), _) = prepared(judged(file, now), CREW)
    (edit,) = importing.foreseen([ready])
    assert edit.verdict == "would be sent"
    assert "was sent back on" in edit.warnings[0] and "report the rework with its own day" in edit.warnings[0]
    tell_imported(importing.Imported(FROZEN, ("r.tasks.csv",), [edit], []), None, dry_run=True, as_json=False)
    assert "row 2" in capsys.readouterr().out
