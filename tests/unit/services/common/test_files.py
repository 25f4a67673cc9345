"""A file is written as a whole or not at all."""

from pathlib import Path

import pytest

from schemas.errors import InvalidInput
from services.common.files import replacing


def test_replacing_complete_block_replaces_the_file(tmp_path: Path) -> None:
    target = tmp_path / "frame.jsonl"
    target.write_text("old", encoding="utf-8")
    with replacing(target) as unfinished:
        unfinished.write_text("new", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "new" and list(tmp_path.iterdir()) == [target]


def test_replacing_failed_block_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "frame.jsonl"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), replacing(target) as unfinished:
        unfinished.write_text("half", encoding="utf-8")
        raise RuntimeError
    assert target.read_text(encoding="utf-8") == "old" and list(tmp_path.iterdir()) == [target]


def test_replacing_lost_server_is_not_a_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError), replacing(tmp_path / "frame.jsonl"):
        raise ConnectionResetError


def test_replacing_no_folder_is_invalid_input(tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "frame.jsonl"
    with (
        pytest.raises(InvalidInput, match=r"can not be written \(No such file or directory\); nothing was started"),
        replacing(target, "; nothing was started") as unfinished,
    ):
        unfinished.write_text("new", encoding="utf-8")
