"""The whole product as processes of our own, each started again whenever it dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from scripts.frontdesk.catalogue import QUIET_RASA
from scripts.frontdesk.ports import free_port

_RESTART_SECONDS = 1.0
_READY_SECONDS = 180.0


@dataclass
class Served:
    """One process: how it is started, where it says that it is ready."""

    name: str
    command: list[str]
    env: dict[str, str]
    ready: str
    log: Path
    process: subprocess.Popen[bytes] | None = None
    ended: bool = False
    deaths: int = 0

    def start(self) -> None:
        """Start it, in a process group of its own."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own processes
                self.command, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def signal(self, number: int) -> None:
        """Send a signal to it, if it lives."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@dataclass
class Product:
    """All processes on free ports with empty data below ``var``."""

    root: Path
    var: Path
    gateways: int
    rasas: int
    desk_database: str
    tracker: Mapping[str, str]
    light: bool = False
    served: list[Served] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.var.mkdir(parents=True, exist_ok=True)
        self.ports = {name: free_port() for name in ("intent", "actions")}
        self.rasa_ports = [free_port() for _ in range(self.rasas)]
        self.desk_ports = [free_port() for _ in range(self.gateways)]
        self.env = self._environment()
        self._define()

    @property
    def doors(self) -> list[str]:
        """Base addresses of the gateways."""
        return [f"http://127.0.0.1:{port}" for port in self.desk_ports]

    def prepare(self) -> None:
        """Tables and the demo company; the models and the index are the checkout's."""
        python = str(self.root / ".venv" / "bin" / "python")
        for command in (
            ("desk migrate",) if self.light else ("backoffice migrate", "backoffice seed-demo", "desk migrate")
        ):
            arguments = [python, "-m", *command.split()]
            subprocess.run(arguments, env=self.env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own commands

    async def start(self) -> None:
        """Start everything and wait until it is ready."""
        for one in self.served:
            one.start()
        async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(_READY_SECONDS):
            for one in self.served:
                while not await _answers(http, one.ready):  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.5)

    async def keep_alive(self) -> None:
        """Start again what died, until cancelled."""
        while True:
            for one in self.served:
                if not one.ended and one.process is not None and one.process.poll() is not None:
                    one.deaths += 1
                    await asyncio.sleep(_RESTART_SECONDS)
                    one.start()
            await asyncio.sleep(0.2)

    def end(self) -> None:
        """End everything that was started here."""
        for one in self.served:
            one.ended = True
            one.signal(signal.SIGCONT)
            one.signal(signal.SIGKILL)
            if one.process is not None:
                one.process.wait(10)

    def _environment(self) -> dict[str, str]:
        secret = secrets.token_urlsafe(24)
        desk = {
            "DESK_SECRET": secret,
            "DESK_DATABASE_URL": self.desk_database,
            "DESK_ATTACHMENTS_DIR": str(self.var / "attachments"),
            "DESK_RASA_URLS": ",".join(f"http://127.0.0.1:{port}" for port in self.rasa_ports),
            "DESK_MESSAGES_PER_CONVERSATION": "1000/second",
            "DESK_REQUESTS_PER_ADDRESS": "100000/second",
            "DESK_CONVERSATIONS_PER_ADDRESS": "100000/second",
            "DESK_LEASE_SECONDS": "5",
            "DESK_TURN_TIMEOUT_SECONDS": "12",
            "FRONTDESK_TURN_TIMEOUT_S": "10",
        }
        own = {
            "ACTIONS_SECRET": secret,
            "ACTIONS_PORT": str(self.ports["actions"]),
            "ACTIONS_URL": f"http://127.0.0.1:{self.ports['actions']}/webhook",
            "INTENT_SERVICE_PORT": str(self.ports["intent"]),
            "INTENT_SERVICE_URL": f"http://127.0.0.1:{self.ports['intent']}",
            "INTENT_SERVICE_TIMEOUT_S": "2",
            "RETRIEVAL_EMBEDDER_URL": f"http://127.0.0.1:{self.ports['intent']}",
            "RETRIEVAL_INDEX_DIR": str(self.root / "var" / "index"),
            "RETRIEVAL_GAPS": str(self.var / "unanswered.db"),
            "ANSWERING_APPROVED": str(self.var / "approved.db"),
            "BACKOFFICE_DATABASE_URL": f"sqlite:///{self.var / 'backoffice.db'}",
            "BACKOFFICE_MAILBOX": str(self.var / "mailbox"),
        }
        return {**os.environ, **own, **desk, **self.tracker, **QUIET_RASA, "PYTHONUNBUFFERED": "1"}

    def _define(self) -> None:
        main, rasa = (str(self.root / name / "bin" / "python") for name in (".venv", ".venv-rasa"))
        if self.light:
            self._define_light(main)
            return
        intent, actions = self.ports["intent"], self.ports["actions"]
        self._add("intent", [main, "-m", "intent_service", "serve"], f"http://127.0.0.1:{intent}/ready")
        self._add("actions", [main, "-m", "actions"], f"http://127.0.0.1:{actions}/ready")
        for port in self.rasa_ports:
            command = [rasa, "-m", "rasa", "run", "--model", "models/rasa/frontdesk.tar.gz", "-i", "127.0.0.1"]
            command += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--port", str(port)]
            self._add(f"rasa-{port}", command, f"http://127.0.0.1:{port}/webhooks/rest/ready")
        self._define_gateways(main)

    def _define_light(self, main: str) -> None:
        for port in self.rasa_ports:
            command, env = [main, "-m", "benchmarks.chaos.scripted_rasa"], {"SCRIPTED_RASA_PORT": str(port)}
            self._add(f"rasa-{port}", command, f"http://127.0.0.1:{port}/webhooks/rest/ready", env)
        self._define_gateways(main)

    def _define_gateways(self, main: str) -> None:
        for port in self.desk_ports:
            env = {"DESK_PORT": str(port)}
            self._add(f"desk-{port}", [main, "-m", "desk", "serve"], f"http://127.0.0.1:{port}/ready", env)

    def _add(self, name: str, command: list[str], ready: str, env: Mapping[str, str] | None = None) -> None:
        self.served.append(Served(name, command, {**self.env, **(env or {})}, ready, self.var / f"{name}.log"))


async def _answers(http: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await http.get(address, timeout=2)).is_success
    except httpx.HTTPError:
        return False


def say(text: str) -> None:
    """A line for whoever watches."""
    print(text, file=sys.stderr, flush=True)
