"""What the status of a site says of refusals and warnings that nobody waited for."""

from commands.site.view import told_lines


def test_last_refusals_and_warnings_are_shown_with_their_ids() -> None:
    refused = [{"command": "complete_task", "command_id": f"r{n}", "reason": "no"} for n in range(7)]
    lines = [line.plain for line in told_lines(refused, [{"command_id": "w", "warning": "990 of 100 m"}], "c/s")]
    assert lines[1] == "refused: complete_task r2: no" and lines[5] == "refused: complete_task r6: no"
    assert lines[6:] == ["warning: w: 990 of 100 m", "earlier ones: starter.py ledger c/s"]


def test_a_site_without_refusals_and_warnings_has_no_lines() -> None:
    assert list(told_lines([], [], "c/s")) == []
