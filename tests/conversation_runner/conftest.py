"""The stub on a port of its own, and a project folder to run the command in."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from textwrap import dedent

import pytest
import uvicorn
from rich.console import Console
from starlette.types import ASGIApp, Receive, Scope, Send

from conversation_runner.__main__ import main
from tests.conversation_runner.stub_rasa import StubRasa


class Listening:
    """One server for all tests, in front of the stub of the test that runs."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to the present stub."""
        if self.app and scope["type"] == "http":
            await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def listening() -> Iterator[Listening]:
    """A server on a port of its own; starting one a test would take longer than the tests."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        front = Listening(f"http://127.0.0.1:{listener.getsockname()[1]}")
        config = uvicorn.Config(front, log_config=None, ws="none", lifespan="off", timeout_graceful_shutdown=0)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield front
        server.should_exit = True
        thread.join()


@pytest.fixture
def rasa(listening: Listening) -> StubRasa:
    """A fresh assistant."""
    stub = StubRasa()
    stub.url, listening.app = listening.url, stub.app()
    return stub


DOMAIN = """
    intents: [greet, order_status, stop, {request_human: {use_entities: true}}]
    entities: [order_number]
    slots:
      order_number: {type: text, mappings: [{type: custom}]}
    forms:
      order_status_form: {required_slots: [order_number]}
    actions: [action_start_flow, action_order_status, validate_order_status_form]
    responses:
      utter_greet: [{text: "Hello!"}]
      utter_ask_order_number: [{text: "Which number?"}]
      utter_turn_failed: [{text: "Sorry, not now."}]
"""


@dataclass
class Run:
    """How a command ended and what it printed."""

    status: int
    output: str

    @property
    def last_line(self) -> str:
        """The last line with something in it."""
        return self.output.strip().splitlines()[-1]


class Project:
    """A folder laid out like the repository, and the command line run inside it."""

    def __init__(self, root: Path, url: str) -> None:
        self.root = root
        self._url = url

    def write(self, path: str, text: str) -> Path:
        """Write a file below the folder."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")
        return target

    def scenario(self, name: str, steps: str) -> Path:
        """Write a scenario with these steps."""
        head = f"description: {name} is shown\nsteps:\n"
        return self.write(f"tests/conversations/{name}.yml", head + dedent(steps))

    def run(self, *arguments: str, lines: tuple[str, ...] = (), url: str | None = None) -> Run:
        """Run the command; ``lines`` are typed at the keyboard."""
        console = Console(width=120, color_system=None, record=True, quiet=False, file=StringIO())
        typed = iter(lines)

        def read_line() -> str:
            try:
                return next(typed)
            except StopIteration:
                raise EOFError from None

        status = main([*arguments, *([] if "--check" in arguments else ["--url", url or self._url])],
                      console=console, read_line=read_line)  # fmt: skip
        return Run(status, console.export_text())


@pytest.fixture
def project(tmp_path: Path, rasa: StubRasa, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project with a domain, and the stub to talk to."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RASA_AUTH_TOKEN", raising=False)
    made = Project(tmp_path, rasa.url)
    made.write("domain/base.yml", DOMAIN)
    return made
