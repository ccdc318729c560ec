"""A driver with two fake processes and a fake step: ``python -m tests.scripts.driver ROOT PORT PORT [STEP]``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from scripts.frontdesk.cli import told_in_one_sentence
from scripts.frontdesk.layout import DEFAULT_PORTS, Layout
from scripts.frontdesk.progress import Progress
from scripts.frontdesk.stack import Stack
from scripts.frontdesk.steps import Plan, Process, Step
from tests.scripts.conftest import SERVER

# Starts a child of its own, as a real server may, that must go too.
WITH_CHILD = f"import subprocess, sys; subprocess.Popen(['sleep', '600'])\n{SERVER}"


def main(root: Path, ports: list[int], step: str) -> int:
    progress = Progress()
    stack = Stack(Layout(root, root / "var", DEFAULT_PORTS), {"PATH": "/usr/bin:/bin"}, progress)
    servers = [
        Process(
            name=name,
            title=f"the {name}",
            command=(sys.executable, "-c", WITH_CHILD, str(port)),
            port=port,
            ready=f"http://127.0.0.1:{port}/ready",
        )
        for name, port in zip(("service", "rasa"), ports, strict=True)
    ]
    steps = [Step(name="step", title="the step", command=(sys.executable, "-c", step))]

    async def stay() -> int:
        progress.say("all ready")
        await asyncio.Event().wait()
        return 0

    stack.carry_out(Plan(steps, servers), then=stay)
    return 0


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(told_in_one_sentence(lambda: main(Path(given[0]), [int(given[1]), int(given[2])], (given[3:] or [""])[0])))
