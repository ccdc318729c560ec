"""The short form of ``make chaos``: real processes killed and stalled, a small server in Rasa's place."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_forty_conversations_survive_kills_and_stalls() -> None:
    command = [sys.executable, "-m", "benchmarks.chaos", "--light", "--conversations", "40", "--at-once", "20"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
