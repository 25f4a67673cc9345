"""A fingerprint of every command that workflow code can give; a change of it must be a patch.

Replays find what the stored histories happen to show; this finds the rest.
"""

import ast
import json
from pathlib import Path

KEPT = Path(__file__).parent / "fingerprints.json"
WORKFLOWS = Path(__file__).parents[2] / "workflows"
COMMANDS = {
    "call_later", "continue_as_new", "deprecate_patch", "execute_activity", "execute_child_workflow",
    "execute_local_activity", "patched", "random", "signal", "sleep", "start_activity", "start_child_workflow",
    "start_local_activity", "upsert_memo", "upsert_search_attributes", "uuid4", "paged", "quick", "wait_condition",
}  # fmt: skip

EXPLANATION = """
The commands that workflows/{file} gives have changed:

  kept   {kept}
  found  {found}

Campaigns run for 107 days while this is released under them: a history that was made by the old code must still
replay. Put the change behind `if workflow.patched("..."):` with the old way in `else`, record new histories with
`python -m tests.replay.record_histories NAME` (the old files stay), see `tests/replay` pass, and then write the new
fingerprint:

  python -m tests.replay.test_command_fingerprints
"""


def fingerprints() -> dict[str, list[str]]:
    """File to its command calls in the order of the text, each with its literal arguments."""
    return {path.name: commands_in(path) for path in sorted(WORKFLOWS.glob("*.py")) if commands_in(path)}


def commands_in(path: Path) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    found = []
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in COMMANDS:
            literals = [repr(arg.value) for arg in call.args if isinstance(arg, ast.Constant)]
            found.append(f"{name}({', '.join(literals)})")
    return found


def test_commands_change_only_behind_a_patch() -> None:
    kept, found = json.loads(KEPT.read_text()), fingerprints()
    for file in sorted(kept.keys() | found.keys()):
        assert found.get(file) == kept.get(file), EXPLANATION.format(
            file=file, kept=kept.get(file), found=found.get(file)
        )


if __name__ == "__main__":
    KEPT.write_text(json.dumps(fingerprints(), indent=2) + "\n")
