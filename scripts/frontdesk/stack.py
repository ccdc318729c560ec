"""A whole Frontdesk or a part of it: check the machine, build what changed, start it, use it, end it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from scripts.frontdesk.catalogue import (
    data_steps,
    environment_steps,
    model_steps,
    processes,
    stack_environment,
)
from scripts.frontdesk.layout import Layout
from scripts.frontdesk.locks import RunningNote, held, turn_to_build
from scripts.frontdesk.ports import demand_free
from scripts.frontdesk.problems import RunError
from scripts.frontdesk.progress import Progress
from scripts.frontdesk.run import Run
from scripts.frontdesk.secrets_file import shared_secrets
from scripts.frontdesk.serving import answers
from scripts.frontdesk.steps import Plan, Step, needed_for

_FIRST_SETUP_GB = 6.0
_LATER_GB = 0.5


class Stack:
    """Everything one command needs to build and run Frontdesk."""

    def __init__(self, layout: Layout, env: Mapping[str, str], progress: Progress) -> None:
        self.layout = layout
        self.progress = progress
        secrets = shared_secrets(layout.var / "secrets.env")
        self.env = stack_environment(layout, env, secrets)
        self.failed_checks: Sequence[Step] = ()
        self.note = RunningNote(layout.var / "run" / "stack.json")
        self._build_lock = layout.root / "var" / "run" / "build.lock"
        self._stack_lock = layout.var / "run" / "stack.lock"

    def plan(self, *, tests: bool = False) -> Plan:
        """All steps and processes; with ``tests`` also the environments of the checks."""
        steps = [*environment_steps(self.layout, tests=tests), *model_steps(self.layout)]
        return Plan([*steps, *data_steps(self.layout, self.env)], processes(self.layout))

    def plan_for(self, *wanted: str) -> Plan:
        """What leads to these steps and processes, and nothing else."""
        return needed_for(wanted, self.plan(tests=True))

    def runs(self, *names: str) -> bool:
        """Whether all of these processes are up and ready already."""
        return all(answers(process.ready) for process in processes(self.layout) if process.name in names)

    def carry_out(
        self,
        plan: Plan,
        *,
        then: Callable[[], Awaitable[int]] | None = None,
        restarts: int = 0,
    ) -> Run:
        """Check the machine, do the steps, start the processes, await ``then``, end everything.

        Args:
            plan: what to build, check and serve.
            then: awaited once all processes are ready; without it the run ends there.
            restarts: how often in a row a process that dies once all are ready is started again.

        Returns:
            The run, with its exit code. What failed of the checks is in ``failed_checks``, also after an error.

        Raises:
            RunError: with a sentence for the person at the terminal; nothing is left running.
        """
        self._demand_space()
        with ExitStack() as stack:
            if plan.processes:
                busy = "Frontdesk already runs from this folder: use that one, or end it with `make stop`."
                stack.enter_context(held(self._stack_lock, otherwise=busy))
                demand_free(plan.processes)
                stack.callback(self.note.remove)
            building = stack.enter_context(ExitStack())
            building.enter_context(turn_to_build(self._build_lock, self.progress))
            run = Run(
                plan,
                root=self.layout.root,
                logs=self.layout.logs,
                env=self.env,
                progress=self.progress,
                restarts=restarts,
                on_change=self.note.write if plan.processes else lambda _: None,
            )
            self.failed_checks = run.failed_checks
            asyncio.run(run.execute(then, built=building.close))
        return run

    def _demand_space(self) -> None:
        first = not (self.layout.main_python.exists() and self.layout.rasa_python.exists())
        needed = _FIRST_SETUP_GB if first else _LATER_GB
        free = shutil.disk_usage(self.layout.root).free / 1e9
        if free < needed:
            what = "A first set-up" if first else "Frontdesk"
            raise RunError(
                f"{what} needs about {needed:g} GB of disk and {self.layout.root} has {free:.1f} GB left: "
                "free some space and run the same command again."
            )


def repository_root() -> Path:
    """The checkout this driver belongs to."""
    return Path(__file__).resolve().parents[2]
