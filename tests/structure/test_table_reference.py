"""The page that documents the collected tables is what the packs say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_reference_is_generated_from_the_packs() -> None:
    environment = {"PYTHONPATH": f"{ROOT / 'agent'}:{ROOT / 'proto'}"}
    checked = subprocess.run(
        [sys.executable, ROOT / "docs/reference/generate_tables.py", "--check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
