"""Resolutions as they are typed."""

from datetime import date

import pytest

from services.patrol.resolutions import read_resolution


def test_resolution_has_office_text_and_day() -> None:
    assert read_resolution("公安局：加密巡查 by 2024-10-20") == {
        "unit": "公安局",
        "what": "加密巡查",
        "due": date(2024, 10, 20),
    }
    assert read_resolution("Forestry: plant: twice")["what"] == "plant: twice"
    assert read_resolution("Forestry: plant")["due"] is None


@pytest.mark.parametrize("text", ["加密巡查", ": x", "公安局: ", "公安局: x by tomorrow"])
def test_resolution_without_office_or_day_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="--resolved: expected"):
        read_resolution(text)
