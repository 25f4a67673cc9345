"""A stranger with an exported frame and a published seed works the draw out again, without any server."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from rules.spot_check.sampling import frame_line
from schemas.errors import InvalidInput, NotFound
from services.spot_checks.redraw import redraw_file
from starter import app
from tests.support import sampling_oracle as oracle
from tests.support.checked_city import frame

SITES = [*frame(20), *frame(7, "叶县")]


def exported(folder: Path) -> Path:
    path = folder / "frame.jsonl"
    path.write_text("".join(frame_line(one) + "\n" for one in SITES), encoding="utf-8")
    return path


def test_exported_frame_redraw_equals_oracle_sample(tmp_path: Path) -> None:
    path = exported(tmp_path)
    plain = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
    found = redraw_file(path, 7, Decimal("0.2"), 1, oracle.hash_of(plain))
    assert found.holds
    assert {one.id for one in found.draw.sample} == oracle.sample(plain, 7, "0.2", 1)


def test_another_frame_than_the_published_one_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = exported(tmp_path)
    said = ["redraw", "--frame", str(path), "--seed", "7", "--hash", "0" * 64]
    assert app(said, result_action="return_value", exit_on_error=False) == 1
    assert "it DIFFERS" in capsys.readouterr().out
    assert app(said[:-2], result_action="return_value", exit_on_error=False) == 0


def test_every_bad_line_of_a_frame_is_named(tmp_path: Path) -> None:
    path = tmp_path / "frame.jsonl"
    path.write_text("nonsense\n" + frame_line(SITES[0]) + "\n" + frame_line(SITES[0]) + '\n{"id": "x"}\n', "utf-8")
    with pytest.raises(InvalidInput) as faults:
        redraw_file(path, 7, Decimal("0.2"), 1, None)
    said = str(faults.value)
    assert "line 1: expected one JSON object a line" in said
    assert "line 3: site 鲁山县-01 stands twice" in said
    assert "line 4: city: field required" in said
    with pytest.raises(NotFound, match=r"nowhere\.jsonl: can not be read"):
        redraw_file(tmp_path / "nowhere.jsonl", 7, Decimal("0.2"), 1, None)
