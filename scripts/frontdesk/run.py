"""Carrying out a plan: steps side by side as soon as what they need is there, then processes that stay."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from scripts.frontdesk.child import tail
from scripts.frontdesk.fingerprint import fingerprint, forget, is_current, keep
from scripts.frontdesk.launcher import Launcher
from scripts.frontdesk.problems import Interrupted, RunError, explain
from scripts.frontdesk.progress import Progress
from scripts.frontdesk.serving import keep_serving
from scripts.frontdesk.steps import Plan, Process, Step

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Run:
    """One run of a plan. What a failed check left behind is in ``failed_checks`` afterwards."""

    def __init__(
        self,
        plan: Plan,
        *,
        root: Path,
        logs: Path,
        env: Mapping[str, str],
        progress: Progress,
        on_change: Callable[[Mapping[str, int]], None] = lambda _: None,
        restarts: int = 0,
    ) -> None:
        self._plan = plan
        self._root = root
        self._launcher = Launcher(root=root, logs=logs, env=env, on_change=on_change)
        self._progress = progress
        self._restarts = restarts
        self._done = {step.name: asyncio.Event() for step in plan.steps}
        self._ready = {process.name: asyncio.Event() for process in plan.processes}
        self._all_up = asyncio.Event()
        self._cores = asyncio.Semaphore(max(2, os.cpu_count() or 2))
        self._stop = asyncio.Event()
        self.unchanged: list[str] = []
        self.failed_checks: list[Step] = []
        self.code = 0

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of what is running, by name."""
        return {name: child.pid for name, child in self._launcher.running.items()}

    async def execute(
        self, then: Callable[[], Awaitable[int]] | None = None, *, built: Callable[[], None] | None = None
    ) -> None:
        """Carry the plan out, await ``then`` while the processes run, keep its exit code, and end them.

        Args:
            then: what to do once everything is ready; without it the run ends there.
            built: called once all steps are done.

        Raises:
            RunError: a step or a process failed; everything that was started has been ended.
            Interrupted: somebody asked to stop.
        """
        self._listen_for_signals()
        try:
            async with asyncio.TaskGroup() as group:
                staying = [
                    group.create_task(self._progress.animate()),
                    group.create_task(self._until_stopped()),
                ]
                steps = [group.create_task(self._step(step)) for step in self._plan.steps]
                staying += [group.create_task(self._process(process)) for process in self._plan.processes]
                await asyncio.gather(*steps)
                self._progress.unchanged(self.unchanged)
                if built is not None:
                    built()
                await asyncio.gather(*(event.wait() for event in self._ready.values()))
                self._all_up.set()
                if then is not None:
                    self.code = await then()
                for task in staying:
                    task.cancel()
        except BaseExceptionGroup as failures:
            raise _first(failures) from None
        finally:
            for number in _SIGNALS:
                asyncio.get_running_loop().remove_signal_handler(number)

    async def _step(self, step: Step) -> None:
        await self._wait_for(step.after)
        if is_current(step, self._root):
            self.unchanged.append(step.title)
            self._done[step.name].set()
            return
        await self._wait_for(step.needs)
        async with self._cores:
            await self._build(step)
        self._done[step.name].set()

    async def _build(self, step: Step) -> None:
        value = fingerprint(step, self._root)
        forget(step)
        log = self._launcher.log_of(step)
        self._progress.begin(step.title, log)
        try:
            code = await (await self._launcher.start(step)).wait()
            self._progress.end(step.title, outcome="ok" if code == 0 else "FAILED")
        finally:
            self._progress.drop(step.title)
            await self._launcher.end(step)
        if code == 0:
            keep(step, value)
            return
        last = tail(log)
        if not step.check:
            raise RunError(explain(step.title, code=code, tail=last, fetches=step.fetches), log=log, tail=last)
        self.failed_checks.append(step)

    async def _process(self, process: Process) -> None:
        await self._wait_for((*process.after, *process.needs))
        ready = self._ready[process.name]
        await keep_serving(
            process, self._launcher, self._progress, ready=ready, all_up=self._all_up, restarts=self._restarts
        )

    async def _wait_for(self, names: Sequence[str]) -> None:
        events = {**self._done, **self._ready}
        await asyncio.gather(*(events[name].wait() for name in names))

    async def _until_stopped(self) -> None:
        await self._stop.wait()
        raise Interrupted("Stopped.")

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        if not self._stop.is_set():
            self._progress.say("  stopping ...")
            self._stop.set()
            return
        self._launcher.kill_all()  # asked twice: no grace


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    for failure in failures.exceptions:
        return _first(failure) if isinstance(failure, BaseExceptionGroup) else failure
    return failures
