"""Starting children with the run's environment and logs, and knowing which are running."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.frontdesk.child import Child
from scripts.frontdesk.problems import RunError
from scripts.frontdesk.steps import Process, Step


class Launcher:
    """Starts steps and processes; ``running`` has the children that have not been ended yet, by name."""

    def __init__(
        self, *, root: Path, logs: Path, env: Mapping[str, str], on_change: Callable[[Mapping[str, int]], None]
    ) -> None:
        self._root = root
        self._logs = logs
        self._env = env
        self._on_change = on_change
        self.running: dict[str, Child] = {}

    def log_of(self, node: Step | Process) -> Path:
        """Where its output goes."""
        return self._logs / f"{node.name}.log"

    async def start(self, node: Step | Process, *, again: bool = False) -> Child:
        """Start it; ``again`` adds to its log instead of beginning a new one.

        Raises:
            RunError: the command cannot be started.
        """
        env = {**self._env, **node.env}
        try:
            child = await Child.start(
                node.command,
                cwd=self._root,
                env=env,
                log=self.log_of(node),
                append=again,
                private=isinstance(node, Process) or node.private,
            )
        except OSError as error:
            sentence = (
                f"{node.title} could not be started ({error.strerror}: {node.command[0]}): try `make clean` first."
            )
            raise RunError(sentence) from error
        self.running[node.name] = child
        self._tell()
        return child

    async def end(self, node: Step | Process) -> None:
        """End what is left of it."""
        if node.name in self.running:
            await self.running[node.name].end()
            del self.running[node.name]
            self._tell()

    def kill_all(self) -> None:
        """No grace for anybody."""
        for child in self.running.values():
            child.kill()

    def _tell(self) -> None:
        self._on_change({name: child.pid for name, child in self.running.items()})
