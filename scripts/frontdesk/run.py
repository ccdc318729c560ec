"""Carrying out a plan: steps side by side as soon as what they need is there, then processes that stay."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from scripts.frontdesk.child import Child, tail
from scripts.frontdesk.fingerprint import fingerprint, forget, is_current, keep
from scripts.frontdesk.problems import Interrupted, RunError, explain
from scripts.frontdesk.progress import Progress
from scripts.frontdesk.steps import Plan, Process, Step

_POLL_SECONDS = 0.3
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
    ) -> None:
        self._plan = plan
        self._root = root
        self._logs = logs
        self._env = dict(env)
        self._progress = progress
        self._on_change = on_change
        self._done = {step.name: asyncio.Event() for step in plan.steps}
        self._ready = {process.name: asyncio.Event() for process in plan.processes}
        self.running: dict[str, Child] = {}
        self._cores = asyncio.Semaphore(max(2, os.cpu_count() or 2))
        self._stop = asyncio.Event()
        self.unchanged: list[str] = []
        self.failed_checks: list[Step] = []
        self.code = 0

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
        log = self._logs / f"{step.name}.log"
        self._progress.begin(step.title, log)
        child = await self._start(step.name, step.title, step.command, step.env, log)
        try:
            code = await child.wait()
            self._progress.end(step.title, outcome="ok" if code == 0 else "FAILED")
        finally:
            self._progress.drop(step.title)
            await child.end()
            self._note(step.name, None)
        if code == 0:
            keep(step, value)
            return
        last = tail(log)
        if not step.check:
            raise RunError(explain(step.title, code=code, tail=last, fetches=step.fetches), log=log, tail=last)
        self.failed_checks.append(step)

    async def _process(self, process: Process) -> None:
        await self._wait_for((*process.after, *process.needs))
        title = f"start {process.title}"
        self._progress.begin(title)
        log = self._logs / f"{process.name}.log"
        child = await self._start(process.name, process.title, process.command, process.env, log)
        try:
            await self._until_ready(process, child)
            self._progress.end(title, outcome="ready")
            self._ready[process.name].set()
            await child.wait()
            raise _died(process, child)
        finally:
            self._progress.drop(title)
            await child.end()
            self._note(process.name, None)

    async def _start(self, name: str, title: str, command: Sequence[str], env: Mapping[str, str], log: Path) -> Child:
        try:
            child = await Child.start(command, cwd=self._root, env=self._env | dict(env), log=log)
        except OSError as error:
            sentence = f"{title} could not be started ({error.strerror}: {command[0]}): try `make clean` first."
            raise RunError(sentence) from error
        self._note(name, child)
        return child

    def _note(self, name: str, child: Child | None) -> None:
        if child is None:
            self.running.pop(name, None)
        else:
            self.running[name] = child
        self._on_change({name: child.pid for name, child in self.running.items()})

    async def _until_ready(self, process: Process, child: Child) -> None:
        ended = asyncio.ensure_future(child.wait())
        deadline = time.monotonic() + process.patience
        while time.monotonic() < deadline:
            if await asyncio.to_thread(answers, process.ready):
                return
            done, _ = await asyncio.wait({ended}, timeout=_POLL_SECONDS)
            if done:
                raise _died(process, child)
        raise RunError(
            f"{process.title} was not ready within {process.patience:.0f} s, so everything was stopped: "
            "the last lines of its log are above.",
            log=child.log,
            tail=tail(child.log),
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
        for child in self.running.values():  # asked twice: no grace
            child.kill()


def answers(address: str) -> bool:
    """Whether a GET gives 200 within two seconds."""
    try:
        with urllib.request.urlopen(address, timeout=2.0) as response:  # noqa: S310 - our own loopback addresses
            return bool(response.status == 200)  # noqa: PLR2004 - HTTP OK
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _died(process: Process, child: Child) -> RunError:
    return RunError(
        f"{process.title} ended by itself (exit code {child.code}), so everything was stopped: "
        "its last lines are above; mend the cause and run the same command again.",
        log=child.log,
        tail=tail(child.log),
    )


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    for failure in failures.exceptions:
        return _first(failure) if isinstance(failure, BaseExceptionGroup) else failure
    return failures
