"""The summary of a phase: of one city and of all, and the document about an unmet gate."""

import pytest

from rendering.composing import compose
from rendering.specimens import draft, frozen_plan


def test_summary_of_all_cities_has_their_sums() -> None:
    text = compose(frozen_plan("en"), draft("phase_summary", city=""), ()).text
    assert "of 46 sites, 20 in work and 9 struck off" in text
    assert "Of 2 milestones, 1 kept." in text
    for cell in ("92.71", "66.6%", "40 / 82", "15", "survey rounds not added: S2", "kept", "missed"):
        assert cell in text


@pytest.mark.parametrize(("held", "said"), [("sweep", True), (None, False)])
def test_unmet_gate_says_what_it_holds(held: str | None, said: bool) -> None:
    data = draft("gate_overdue").data | {"held": held}
    text = compose(frozen_plan("zh-CN"), draft("gate_overdue", data=data), ()).text
    assert ("排查阶段阶段因此未能开始" in text) is said
