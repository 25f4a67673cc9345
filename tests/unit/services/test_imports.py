"""What services load before they are called."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
NEVER = ("activities", "commands", "cyclopts", "rich", "structlog", "temporalio", "workflows")
PROGRAM = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""


def test_services_imported_load_no_server_and_no_console() -> None:
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "services").rglob("*.py")]
    assert len(modules) > 20
    done = subprocess.run([sys.executable, "-c", PROGRAM, *modules], cwd=ROOT, capture_output=True, check=True)
    assert set(json.loads(done.stdout)).isdisjoint(NEVER)
