"""Rasa and the action server as real processes, on data of their own, with neighbours that a test can end."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

RASA_PYTHON = Path(".venv-rasa/bin/python")
RASA_MODEL = Path("models/rasa/frontdesk.tar.gz")
PATIENCE_S = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A process that is ready once a GET of ``ready`` answers 200."""

    command: list[str]
    env: dict[str, str]
    ready: str
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=self.env, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-2000:]
            try:
                if httpx.get(self.ready, timeout=2).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        pytest.fail(f"{self.command} was not ready: {self.log.read_text(errors='replace')[-2000:]}")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(30)


@dataclass(frozen=True)
class System:
    """Rasa with an action server; the intent service is not there at all."""

    url: str
    actions: Server
    actions_url: str
    database: Path
    mailbox: Path

    def newest_code(self) -> str:
        """The one-time code of the newest letter; letters are written in the background."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for letter in sorted(self.mailbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True):
                if found := re.search(r"\b\d{6}\b", letter.read_text("utf-8")):
                    return found[0]
            time.sleep(0.1)
        pytest.fail("no letter with a code came")

    def say(self, text: str, *, sender: str) -> str:
        """Everything the bot answers to one message, as one text."""
        return "\n".join(message["text"] for message in self.messages(text, sender=sender))

    def messages(self, text: str, *, sender: str) -> list[dict[str, Any]]:
        """The messages the bot answers, with their buttons and data."""
        answer = httpx.post(f"{self.url}/webhooks/rest/webhook", json={"sender": sender, "message": text}, timeout=60)
        return list(answer.raise_for_status().json())

    def metrics(self) -> str:
        return httpx.get(f"{self.url}/webhooks/rest/metrics", timeout=10).text


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("outages"), {}) as made:
        yield made


@contextmanager
def running(folder: Path, more: Mapping[str, str]) -> Iterator[System]:
    """Rasa and the action server on their own data in ``folder``, with ``more`` in their environment."""
    if not (RASA_PYTHON.exists() and RASA_MODEL.exists()):
        pytest.skip("no trained Rasa model here; `make train` makes one")
    nobody, actions_port, rasa_port = free_port(), free_port(), free_port()
    env = os.environ | {
        "ACTIONS_SECRET": "outage-test", "ACTIONS_PORT": str(actions_port),
        "ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "INTENT_SERVICE_URL": f"http://127.0.0.1:{nobody}", "RETRIEVAL_EMBEDDER_URL": f"http://127.0.0.1:{nobody}",
        "RETRIEVAL_INDEX_DIR": str(folder / "index"),
        "BACKOFFICE_DATABASE_URL": f"sqlite:///{folder / 'backoffice.db'}",
        "BACKOFFICE_DATABASE_TIMEOUT_SECONDS": "1", "BACKOFFICE_MAILBOX": str(folder / "mailbox"),
        "RASA_TRACKER_DIALECT": "sqlite", "RASA_TRACKER_DB": str(folder / "tracker.db"), "RASA_TRACKER_HOST": "",
        "RASA_TRACKER_USER": "", "RASA_TRACKER_PASSWORD": "", "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
        "ANSWERING_APPROVED": str(folder / "approved.db"), "ANSWERING_LLM": "off", **more,
    }  # fmt: skip
    for command in ("backoffice migrate", "backoffice seed-demo", "retrieval ingest --lexical-only knowledge"):
        subprocess.run([sys.executable, "-m", *command.split()], env=env, check=True, capture_output=True)
    actions = Server(
        [sys.executable, "-m", "actions"], env, f"http://127.0.0.1:{actions_port}/ready", folder / "actions"
    )
    rasa = Server(
        [str(RASA_PYTHON), "-m", "rasa", "run", "--model", str(RASA_MODEL), "--endpoints", "endpoints.yml",
         "--credentials", "credentials.yml", "--port", str(rasa_port), "-i", "127.0.0.1"],
        env, f"http://127.0.0.1:{rasa_port}/webhooks/rest/ready", folder / "rasa",
    )  # fmt: skip
    try:
        actions.start()
        rasa.start()
        rasa_url, actions_url = (f"http://127.0.0.1:{port}" for port in (rasa_port, actions_port))
        yield System(rasa_url, actions, actions_url, folder / "backoffice.db", folder / "mailbox")
    finally:
        rasa.kill()
        actions.kill()
