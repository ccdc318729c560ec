"""The checks of `make lint` and `make test`. A failing check is counted and the others go on."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from scripts.frontdesk.catalogue import QUIET_RASA, sqlite_file
from scripts.frontdesk.layout import Layout
from scripts.frontdesk.steps import Step

_ROOMS = (
    *("actions", "answering", "backoffice", "benchmarks", "contracts", "conversation_runner", "desk"),
    *("intent_service", "privacy", "retrieval", "scripts", "simulator", "telemetry"),
)
# pytest already keeps each core busy: more threads a process wait for each other, ten times as long as they work.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
_SHORT_SIMULATION = ("--conversations", "60", "--seed", "1", "--jobs", "2")
_COMPOSE_DEMO_VALUES = (
    "ACTIONS_SECRET",
    "DESK_SECRET",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "ELASTIC_PASSWORD",
    "RASA_AUTH_TOKEN",
    "BACKOFFICE_MAIL",
)


def lint_steps(layout: Layout) -> list[Step]:
    """Format, lints, types, import rules, Dockerfiles, the compose file, and Rasa's own look at its data."""
    bin_folder = layout.main_python.parent
    rooms = [room for room in _ROOMS if (layout.root / room).is_dir()]
    validate = ("data", "validate", "--fail-on-warnings", "--domain", "domain", "--config", "config.yml")
    return [
        _check("format", "format", (bin_folder / "ruff", "format", "--check", "."), "env-dev"),
        _check("lint", "lint", (bin_folder / "ruff", "check", "."), "env-dev"),
        _check("types", "types", (bin_folder / "mypy", *rooms), "env-dev"),
        _check("imports", "import rules", (bin_folder / "lint-imports",), "env-dev"),
        *_docker_checks(layout, bin_folder),
        _check(
            "rasa-data",
            "Rasa data",
            (layout.rasa_python, "-m", "rasa", *validate, "--data", "data"),
            "env-rasa",
            env=QUIET_RASA,
        ),
    ]


def missing_tools() -> list[str]:
    """One line for each check that cannot run on this machine."""
    return [] if _compose() else ["skipped: the compose file's check, because docker compose is not installed"]


def test_steps(layout: Layout, after: Iterable[str]) -> list[Step]:
    """Unit and contract tests: of the rooms in the main environment, of what runs inside Rasa in Rasa's."""
    reports = layout.var / "reports"
    before = ("env-dev", *after)
    return [
        _check(
            "tests",
            "tests",
            (
                *(layout.main_python, "-m", "pytest", "-n", "2", "--quiet", f"--junitxml={reports / 'tests.xml'}"),
                *("--durations=10", "-raR", "--allow-hosts=127.0.0.1,::1,localhost", "--ignore=tests/rasa_extensions"),
            ),
            *before,
            env=_ONE_THREAD,
        ),
        _check(
            "rasa-tests",
            "tests inside Rasa",
            (
                *(layout.rasa_python, "-m", "pytest", "--quiet", f"--junitxml={reports / 'rasa-tests.xml'}"),
                "tests/rasa_extensions",
            ),
            *("env-rasa-dev", *before),
            env=QUIET_RASA,
        ),
    ]


def system_steps(layout: Layout, env: Mapping[str, str]) -> list[Step]:
    """Checks of the running system: all conversations, and how well the intent model understands."""
    all_of_it = ("intent_service", "actions", "rasa")
    main = str(layout.main_python)
    return [
        _check(
            "simulate",
            "simulated customers",
            (main, "-m", "simulator", *simulator_arguments(layout, env), *_SHORT_SIMULATION),
            needs=all_of_it,
        ),
        _check(
            "conversations",
            "conversations",
            (
                *(main, "-m", "conversation_runner", *conversation_arguments(layout, env)),
                *("--coverage", "--jobs", "2", "--junit", str(conversations_report(layout))),
            ),
            "simulate",  # it leaves the data base as it found it, which the conversations do not
            needs=all_of_it,
        ),
        _check("eval-intents", "intent figures", (main, "-m", "intent_service", "evaluate"), "intent-model"),
    ]


def conversations_report(layout: Layout) -> Path:
    """Where the conversations of ``make test`` leave their JUnit report."""
    return layout.var / "reports" / "conversations.xml"


def conversation_arguments(layout: Layout, env: Mapping[str, str]) -> list[str]:
    """Where this stack's Rasa listens, and its tickets and letters lie."""
    database = sqlite_file(layout, env["BACKOFFICE_DATABASE_URL"])
    tickets = ["--tickets-db", str(database)] if database else []
    return ["--url", layout.address("rasa"), *tickets, "--mailbox", env["BACKOFFICE_MAILBOX"]]


def simulator_arguments(layout: Layout, env: Mapping[str, str]) -> list[str]:
    """Where a throw-away stack listens, and its data, which may be set back."""
    database = sqlite_file(layout, env["BACKOFFICE_DATABASE_URL"])
    folders = ("--database", str(database), "--mailbox", env["BACKOFFICE_MAILBOX"])
    return ["--url", layout.address("rasa"), *folders, "--rewind"]


def _docker_checks(layout: Layout, bin_folder: Path) -> list[Step]:
    dockerfiles = sorted((layout.root / "deploy").glob("*.Dockerfile"))
    steps = []
    if dockerfiles:
        steps.append(_check("dockerfiles", "Dockerfiles", (bin_folder / "hadolint", *dockerfiles), "env-dev"))
    if (compose := _compose()) and (layout.root / "docker-compose.yml").exists():
        secrets = dict.fromkeys(_COMPOSE_DEMO_VALUES, "only-for-this-check")
        steps.append(_check("compose", "compose file", (*compose, "config", "--quiet"), env=secrets))
    return steps


def _compose() -> tuple[str, ...]:
    """The command for compose files: docker's plugin, or the separate program."""
    if shutil.which("docker"):
        plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        if plugin.returncode == 0:
            return ("docker", "compose")
    return ("docker-compose",) if shutil.which("docker-compose") else ()


def _check(
    name: str,
    title: str,
    command: tuple[str | Path, ...],
    *after: str,
    needs: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
) -> Step:
    parts = tuple(map(str, command))
    return Step(name=name, title=title, command=parts, after=after, needs=needs, env=env or {}, check=True)
