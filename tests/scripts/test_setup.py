"""Settings of the driver, the shared secrets, and what is said when the machine cannot do it."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from scripts.frontdesk import catalogue, cli, environments, locking, ports, stack
from scripts.frontdesk.layout import DEFAULT_PORTS, Layout, read_dotenv
from scripts.frontdesk.problems import RunError, explain
from scripts.frontdesk.progress import Progress, elapsed
from scripts.frontdesk.secrets_file import shared_secrets
from scripts.frontdesk.steps import Plan


def test_ports_and_the_data_folder_come_from_the_environment(tmp_path: Path) -> None:
    layout = Layout.from_environment(tmp_path, {"FRONTDESK_RASA_PORT": "6005", "FRONTDESK_VAR": "elsewhere"})
    assert layout.ports == {"intent_service": 8001, "actions": 5055, "llm": 8090, "rasa": 6005, "desk": 8000}
    assert layout.var == tmp_path / "elsewhere"


def test_a_local_language_model_is_a_process_of_its_own_that_the_actions_are_told_to_ask(tmp_path: Path) -> None:
    without = Layout.from_environment(tmp_path, {})
    assert "llm" not in {process.name for process in catalogue.processes(without)}
    assert "ANSWERING_LLM" not in catalogue.stack_environment(without, {}, {})
    layout = Layout.from_environment(tmp_path, {"LLM": "local", "FRONTDESK_LLM_PORT": "9090"})
    assert "llm" in {process.name for process in catalogue.processes(layout)}
    assert "env-llm" in {step.name for step in catalogue.environment_steps(layout)}
    env = catalogue.stack_environment(layout, {}, {})
    assert (env["ANSWERING_LLM"], env["ANSWERING_LLM_BASE_URL"]) == ("openai", "http://127.0.0.1:9090/v1")
    with pytest.raises(RunError, match="LLM=local"):
        Layout.from_environment(tmp_path, {"LLM": "gpt"})


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(RunError, match="FRONTDESK_ACTIONS_PORT"):
        Layout.from_environment(tmp_path, {"FRONTDESK_ACTIONS_PORT": text})


def test_a_dotenv_file_gives_values_without_quotes_and_comments(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# A=1\nB=two\n\nC='three = 3'\nexport\n", encoding="utf-8")
    assert read_dotenv(tmp_path / ".env") == {"B": "two", "C": "three = 3"}


def test_the_shared_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secrets.env"
    first = shared_secrets(path)
    assert len(first["ACTIONS_SECRET"]) >= 32
    assert len(first["RASA_AUTH_TOKEN"]) >= 32
    assert shared_secrets(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_the_operator_wrote_is_kept(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("ACTIONS_SECRET=mine\n", encoding="utf-8")
    assert shared_secrets(tmp_path / "secrets.env")["ACTIONS_SECRET"] == "mine"


def test_rasas_http_api_is_never_served_without_its_token(tmp_path: Path) -> None:
    layout = Layout(tmp_path, tmp_path / "var", DEFAULT_PORTS)
    rasa = next(process for process in catalogue.processes(layout) if process.name == "rasa")
    assert "rasa_extensions.command" in rasa.command  # which takes the token from the environment
    assert not any("token" in part for part in rasa.command)


def test_values_from_outside_win_over_those_of_the_stack(tmp_path: Path) -> None:
    layout = Layout(tmp_path, tmp_path / "var", DEFAULT_PORTS)
    env = catalogue.stack_environment(layout, {"BACKOFFICE_DATABASE_URL": "postgresql+psycopg://x"}, {})
    assert env["BACKOFFICE_DATABASE_URL"] == "postgresql+psycopg://x"
    assert env["ACTIONS_URL"] == "http://127.0.0.1:5055/webhook"


def test_only_the_list_of_intents_in_the_domain_concerns_the_intent_model(tmp_path: Path) -> None:
    def salt(domain: str) -> str:
        (tmp_path / "domain").mkdir(exist_ok=True)
        (tmp_path / "domain" / "base.yml").write_text(domain, encoding="utf-8")
        steps = catalogue.model_steps(Layout(tmp_path, tmp_path / "var", DEFAULT_PORTS))
        return next(step.salt for step in steps if step.name == "intent-model")

    listed = "intents:\n  - greet\n# small talk\n  - thank:\n      use_entities: []\nslots:\n"
    assert salt(listed) == salt(listed + "  order_number:\n    type: text\n")
    assert salt(listed) != salt(listed.replace("- greet", "- goodbye"))
    assert salt(listed) != salt(listed.replace("slots:", "- extra\nslots:"))


class Disk(NamedTuple):
    total: int
    used: int
    free: int


def test_a_full_disk_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack.shutil, "disk_usage", lambda _: Disk(10**12, 10**12, 10**9))
    whole = stack.Stack(Layout(tmp_path, tmp_path / "var", DEFAULT_PORTS), {}, Progress())
    with pytest.raises(RunError, match=r"needs about 6 GB of disk and .* has 1\.0 GB left"):
        whole.carry_out(Plan())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("error: failed to write: No space left on device (os error 28)", "The disk is full"),
        ("error: No interpreter found for Python 3.10 in managed installations", "Rasa needs Python 3.10"),
        ("Caused by: Failed to fetch: `…`\n  dns error", "A package could not be fetched"),
        ("ERROR: No matching distribution found for uv==0.13.9", "A package could not be fetched"),
        ("ModuleNotFoundError: No module named 'ensurepip'; apt install python3-venv", "python3-venv"),
        ("Traceback", "the environment failed (exit code 1)"),
    ],
)
def test_each_trouble_of_a_set_up_has_its_sentence(line: str, said: str) -> None:
    sentence = explain("the environment", code=1, tail=line.splitlines(), fetches=True)
    assert said in sentence
    assert "same command again" in sentence


def test_a_refused_connection_is_no_missing_package_where_nothing_is_fetched() -> None:
    assert "package" not in explain("the index", code=1, tail=["Connection refused"])


def test_a_step_killed_by_the_system_is_told_as_lack_of_memory() -> None:
    assert "memory" in explain("training", code=-9, tail=[])


def test_what_pip_is_told_holds_for_uv_too() -> None:
    env = environments.pip_settings_for_uv({"PIP_FIND_LINKS": "/wheels", "PIP_INDEX_URL": "https://mirror"})
    assert env["UV_FIND_LINKS"] == "/wheels"
    assert env["UV_DEFAULT_INDEX"] == "https://mirror"
    assert environments.pip_settings_for_uv({"PIP_FIND_LINKS": "a", "UV_FIND_LINKS": "b"})["UV_FIND_LINKS"] == "b"


def test_torch_comes_as_its_cpu_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments.sys, "platform", "linux")
    assert environments._torch_source({"UV_FIND_LINKS": str(tmp_path)}) == ["--torch-backend", "cpu"]
    (tmp_path / "torch-2.13.0+cpu-cp311-cp311-linux_x86_64.whl").touch()
    assert environments._torch_source({"UV_FIND_LINKS": str(tmp_path)}) == []
    monkeypatch.setattr(environments.sys, "platform", "darwin")
    assert environments._torch_source({}) == []


def test_pins_leave_out_accelerators_and_local_builds() -> None:
    pinned = "numpy==2.4.6\nnvidia-cublas==13.1 ; x\ntorch==2.13.0 ; a\ntorch==2.13.0+cpu ; b\ntriton==3.7\ntqdm==4\n"
    assert locking.portable(pinned) == "numpy==2.4.6\ntorch==2.13.0\ntqdm==4\n"


def test_the_lock_files_name_no_accelerator_package() -> None:
    for name in ("main", "train"):
        text = (stack.repository_root() / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert locking.portable(text).splitlines() == text.splitlines()


WAYS_TO_TELL = [
    *([ports._owner_from_proc] if Path("/proc/net/tcp").exists() else []),
    *([ports._owner_from_lsof] if shutil.which("lsof") else []),
]


@pytest.mark.parametrize("ask", WAYS_TO_TELL)
def test_the_owner_of_a_busy_port_is_found(ask: Callable[[int], str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not ports.is_free(port)
        assert f"(pid {os.getpid()})" in ask(port)


@pytest.mark.parametrize(("seconds", "words"), [(6.6, "7 s"), (185.2, "3 min 05 s")])
def test_times_are_said_in_minutes_and_seconds(seconds: float, words: str) -> None:
    assert elapsed(seconds) == words


@pytest.mark.parametrize(
    ("wanted", "steps", "processes"),
    [
        ("env-uv", {"env-uv"}, set()),
        ("intent-model", {"env-uv", "env-main", "intent-model"}, set()),
        ("intent_service", {"env-uv", "env-main", "intent-model"}, {"intent_service"}),
        ("rasa", {"env-uv", "env-rasa", "rasa-model"}, {"rasa"}),
        (
            "actions",
            {"env-uv", "env-main", "intent-model", "backoffice-data", "knowledge-index"},
            {"intent_service", "actions"},
        ),
    ],
)
def test_a_command_builds_what_it_needs_and_nothing_else(
    tmp_path: Path, wanted: str, steps: set[str], processes: set[str]
) -> None:
    plan = stack.Stack(Layout(tmp_path, tmp_path / "var", DEFAULT_PORTS), {}, Progress()).plan_for(wanted)
    assert {step.name for step in plan.steps} == steps
    assert {process.name for process in plan.processes} == processes


def test_a_command_of_ours_has_the_settings_and_secrets_of_make_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "repository_root", lambda: tmp_path)
    (tmp_path / ".env").write_text("DESK_QUEUE_MINUTES=7\n", encoding="utf-8")
    (tmp_path / "told.py").write_text(
        "import os, sys; print(len(os.environ['DESK_SECRET']) > 15, os.environ['DESK_QUEUE_MINUTES'], sys.argv[1:])",
        encoding="utf-8",
    )
    assert cli.main(["command", "told"]) == 1
    assert "make run" in capfd.readouterr().err
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert cli.main(["command", "told", "--name", "Jo Bloggs"]) == 0
    assert capfd.readouterr().out == "True 7 ['--name', 'Jo Bloggs']\n"
    assert cli.main(["command"]) == 1
    assert "ARGS=" in capfd.readouterr().err


def test_the_gateway_reads_the_tracker_store_that_rasa_writes(tmp_path: Path) -> None:
    layout = Layout.from_environment(tmp_path, {})
    assert catalogue.stack_environment(layout, {}, {})["DESK_TRACKER_URL"] == f"sqlite:///{layout.var / 'tracker.db'}"
    given = {
        "RASA_TRACKER_DIALECT": "postgresql",
        "RASA_TRACKER_HOST": "db:5433",
        "RASA_TRACKER_DB": "rasa",
        "RASA_TRACKER_USER": "rasa",
        "RASA_TRACKER_PASSWORD": "p@ss/word",
    }
    env = catalogue.stack_environment(layout, given, {})
    assert env["DESK_TRACKER_URL"] == "postgresql+psycopg://rasa:p%40ss%2Fword@db:5433/rasa"
