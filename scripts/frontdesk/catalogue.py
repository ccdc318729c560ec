"""The product's own steps and processes: what reads what, and what comes before what."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from scripts.frontdesk.environments import LOCKS, UV_REQUIREMENT
from scripts.frontdesk.imports import files_behind
from scripts.frontdesk.layout import Layout
from scripts.frontdesk.steps import Process, Step

TRAINING_LOCKS = ("requirements/train.txt", "requirements/weights.txt")
"""What a trained model depends on; a new version of what only serves it is no reason to train for minutes."""

_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_DECIDE_THE_INDEX = (
    *("INTENT_SERVICE_ENGINE", "RETRIEVAL_BACKEND"),
    *("RETRIEVAL_ELASTICSEARCH_URL", "RETRIEVAL_ELASTICSEARCH_ALIAS"),
)


def environment_steps(layout: Layout, *, tests: bool = False) -> list[Step]:
    """uv, then both environments side by side; with ``tests`` also what the checks need."""

    def step(name: str, title: str, folder: str, inputs: tuple[str, ...], *after: str) -> Step:
        return Step(
            name=f"env-{name}",
            title=title,
            command=(sys.executable, "-m", "scripts.frontdesk.environments", name),
            inputs=inputs,
            outputs=(layout.root / folder / "bin" / "python",),
            salt=_PYTHON,
            # Kept inside the environment, so that it goes with it.
            stamp=layout.root / folder / f".frontdesk-{name}.json",
            after=after,
            fetches=True,
        )

    steps = [
        step("uv", "installer", ".venv", (UV_REQUIREMENT,)),
        step("main", "main environment", ".venv", tuple(LOCKS["main"]), "env-uv"),
        step("rasa", "Rasa environment", ".venv-rasa", tuple(LOCKS["rasa"]), "env-uv"),
    ]
    if layout.local_llm:
        steps.append(step("llm", "local language model", ".venv-llm", tuple(LOCKS["llm"]), "env-uv"))
    if tests:
        steps += [
            step("dev", "test tools", ".venv", tuple(LOCKS["dev"]), "env-main"),
            step("rasa-dev", "test tools for Rasa", ".venv-rasa", tuple(LOCKS["rasa-dev"]), "env-rasa"),
        ]
    return steps


def model_steps(layout: Layout) -> list[Step]:
    """The intent model and the Rasa model, side by side."""
    main, rasa = str(layout.main_python), str(layout.rasa_python)
    intent_out, rasa_out = "models/intent", "models/rasa"
    return [
        Step(
            name="intent-model",
            title="intent model",
            command=(main, "-m", "intent_service", "train", *_train_intent_arguments(intent_out)),
            inputs=("data/nlu", *_training_code(layout.root), *TRAINING_LOCKS),
            salt=_intents(layout.root / "domain"),
            outputs=(layout.root / intent_out, layout.root / "models" / "encoder"),
            stamp=layout.shared_state / "intent-model.json",
            after=("env-main",),
        ),
        Step(
            name="rasa-model",
            title="Rasa model",
            command=(rasa, "-m", "rasa", "train", *_train_rasa_arguments(rasa_out)),
            inputs=("domain", "config.yml", "data", "rasa_extensions", "contracts", *LOCKS["rasa"]),
            outputs=(layout.root / rasa_out / "frontdesk.tar.gz",),
            stamp=layout.shared_state / "rasa-model.json",
            after=("env-rasa",),
            env=QUIET_RASA,
        ),
    ]


def data_steps(layout: Layout, env: Mapping[str, str]) -> list[Step]:
    """The demo company's data base and the knowledge index of this stack."""
    main = str(layout.main_python)
    database = sqlite_file(layout, env["BACKOFFICE_DATABASE_URL"])
    return [
        Step(
            name="backoffice-data",
            title="demo company",
            command=(main, "-m", "scripts.frontdesk.several", "backoffice migrate", "backoffice seed-demo"),
            inputs=("backoffice",),
            outputs=(database,) if database else (),
            # The demo's orders are dated from the day they are written, so a new day writes them anew.
            salt=f"{env['BACKOFFICE_DATABASE_URL']} {datetime.now(UTC).date()}",
            stamp=layout.var / "state" / "backoffice-data.json",
            private=True,
            after=("env-main",),
        ),
        Step(
            name="desk-data",
            title="gateway's tables and demo staff",
            command=(main, "-m", "scripts.frontdesk.several", "desk migrate", "desk account demo"),
            inputs=("desk/migrations", "desk/adapters/sql", "desk/accounts/commands.py"),
            outputs=(gateway,) if (gateway := sqlite_file(layout, env["DESK_DATABASE_URL"])) else (),
            salt=env["DESK_DATABASE_URL"],
            stamp=layout.var / "state" / "desk-data.json",
            private=True,
            after=("env-main",),
        ),
        Step(
            name="knowledge-index",
            title="knowledge index",
            command=(main, "-m", "retrieval", "ingest", "knowledge"),
            # The vectors are the encoder's, so another encoder means another index.
            inputs=("knowledge", "retrieval", "models/encoder", *LOCKS["main"]),
            outputs=(Path(env["RETRIEVAL_INDEX_DIR"]),),
            salt=" ".join([env["RETRIEVAL_INDEX_DIR"], *(env.get(name, "") for name in _DECIDE_THE_INDEX)]),
            stamp=layout.var / "state" / "knowledge-index.json",
            private=True,
            after=("intent-model",),
            needs=("intent_service",),
        ),
    ]


def processes(layout: Layout) -> list[Process]:
    """Intent service, action server, Rasa, the gateway, a local language model where one is wanted."""
    main, rasa = str(layout.main_python), str(layout.rasa_python)
    return [
        *(_local_llm(layout) if layout.local_llm else ()),
        Process(
            name="intent_service",
            title="the intent service",
            command=(main, "-m", "intent_service", "serve"),
            port=layout.ports["intent_service"],
            ready=layout.address("intent_service") + "/ready",
            after=("intent-model",),
        ),
        Process(
            name="actions",
            title="the action server",
            command=(main, "-m", "actions"),
            port=layout.ports["actions"],
            ready=layout.address("actions") + "/ready",
            after=("backoffice-data", "knowledge-index"),
        ),
        Process(
            name="rasa",
            title="Rasa",
            command=(
                *(rasa, "-m", "rasa_extensions.command", "run", "--enable-api"),
                *(*rasa_arguments(layout), "-i", "127.0.0.1"),
            ),
            port=layout.ports["rasa"],
            ready=layout.address("rasa") + "/webhooks/rest/ready",
            after=("rasa-model",),
            env=QUIET_RASA | TRACKER_LIMITS,
        ),
        Process(
            name="desk",
            title="the gateway",
            command=(main, "-m", "desk", "serve"),
            port=layout.ports["desk"],
            ready=layout.address("desk") + "/ready",
            after=("desk-data", "backoffice-data"),
            needs=("rasa", "actions"),  # the door opens when there is somebody behind it
        ),
    ]


def _local_llm(layout: Layout) -> list[Process]:
    return [
        Process(
            name="llm",
            title="the local language model",
            command=(str(layout.llm_python), "scripts/local_llm.py", str(layout.ports["llm"])),
            port=layout.ports["llm"],
            ready=layout.address("llm") + "/health",
            after=("env-llm",),
        )
    ]


def rasa_arguments(layout: Layout, *, port: int | None = None) -> tuple[str, ...]:
    """What ``rasa run`` and ``rasa shell`` are given alike."""
    return (
        *("--model", "models/rasa/frontdesk.tar.gz"),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
        *("--port", str(port or layout.ports["rasa"])),
    )


def stack_environment(layout: Layout, env: Mapping[str, str], shared: Mapping[str, str]) -> dict[str, str]:
    """What tells the processes of one stack where the others are and where its data lies.

    A value that is already in ``env`` wins, so that PostgreSQL or a process elsewhere can be named.
    """
    var = layout.var
    tracker = {
        "RASA_TRACKER_DIALECT": "sqlite",
        "RASA_TRACKER_HOST": "",
        "RASA_TRACKER_DB": str(var / "tracker.db"),
        "RASA_TRACKER_USER": "",
        "RASA_TRACKER_PASSWORD": "",
    }
    defaults = {
        "PYTHONUNBUFFERED": "1",  # a log says what happened up to the end
        "INTENT_SERVICE_PORT": str(layout.ports["intent_service"]),
        "INTENT_SERVICE_URL": layout.address("intent_service"),
        "RETRIEVAL_EMBEDDER_URL": layout.address("intent_service"),
        "RETRIEVAL_INDEX_DIR": str(var / "index"),
        "RETRIEVAL_GAPS": str(var / "unanswered.db"),
        "ANSWERING_APPROVED": str(var / "approved.db"),
        "ANSWERING_LLM_LEDGER": str(var / "llm-spending.db"),
        "BACKOFFICE_DATABASE_URL": f"sqlite:///{var / 'backoffice.db'}",
        "BACKOFFICE_MAILBOX": str(var / "mailbox"),
        "ACTIONS_PORT": str(layout.ports["actions"]),
        "ACTIONS_URL": layout.address("actions") + "/webhook",
        "RASA_URL": layout.address("rasa"),
        "DESK_PORT": str(layout.ports["desk"]),
        "DESK_URL": layout.address("desk"),
        "DESK_RASA_URLS": layout.address("rasa"),
        "DESK_INTENT_SERVICE_URL": layout.address("intent_service"),
        "DESK_ACTIONS_URL": layout.address("actions") + "/webhook",
        "DESK_ACTIONS_SECRET": {**shared, **env}.get("ACTIONS_SECRET", ""),
        "DESK_DATABASE_URL": f"sqlite:///{var / 'desk.db'}",
        "DESK_ATTACHMENTS_DIR": str(var / "attachments"),
        "DESK_TRACKER_URL": _tracker_url({name: env.get(name, value) for name, value in tracker.items()}),
        **tracker,
    }
    return {**defaults, **(_ask_the_local_llm(layout) if layout.local_llm else {}), **shared, **env}


def _tracker_url(rasa: Mapping[str, str]) -> str:
    """Rasa's tracker store as SQLAlchemy names it, for the gateway, which reads transcripts there."""
    kind, host, name = (rasa[f"RASA_TRACKER_{part}"] for part in ("DIALECT", "HOST", "DB"))
    if kind == "sqlite":
        return f"sqlite:///{name}"
    user, password = (quote(rasa[f"RASA_TRACKER_{part}"], safe="") for part in ("USER", "PASSWORD"))
    return f"postgresql+psycopg://{user}{':' if password else ''}{password}@{host}/{name}"


def _ask_the_local_llm(layout: Layout) -> dict[str, str]:
    """A very small model reads slowly and calls no tools."""
    return {
        "ANSWERING_LLM": "openai",
        "ANSWERING_LLM_BASE_URL": layout.address("llm") + "/v1",
        "ANSWERING_LLM_MODEL": "smollm2",
        "ANSWERING_LLM_PROMPTS": "small-1",
        "ANSWERING_LLM_FIRST_WORD_SECONDS": "12",
        "ANSWERING_LLM_TEMPERATURE": "0",
        "ANSWERING_LLM_CONCURRENCY": "1",
        "ANSWERING_LLM_HISTORY_TOKENS": "0",
        "ANSWERING_MOST_MATERIAL": "1",
    }


QUIET_RASA = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

TRACKER_LIMITS = {
    "PGCONNECT_TIMEOUT": "3",
    "PGOPTIONS": "-c statement_timeout=5s -c lock_timeout=5s -c idle_in_transaction_session_timeout=20s",
}
"""Rasa asks its tracker store on its event loop: a PostgreSQL that does not answer would hold up everybody."""


def _train_intent_arguments(out: str) -> tuple[str, ...]:
    return ("--data", "data/nlu", "--domain", "domain", "--out", out)


def _training_code(root: Path) -> tuple[str, ...]:
    """Code and own data that decide what the trained model is; what only serves it is left out."""
    modules = ("intent_service.training.train", "intent_service.nlu_data.reader", "intent_service.nlu_data.checks")
    return (*files_behind(root, *modules), "intent_service/training_data")


def _train_rasa_arguments(out: str) -> tuple[str, ...]:
    return (
        *("--config", "config.yml", "--domain", "domain"),
        *("--data", "data/rules", "data/stories", "data/nlu"),
        *("--out", out, "--fixed-model-name", "frontdesk"),
    )


def sqlite_file(layout: Layout, url: str) -> Path | None:
    """The file behind a SQLite address; None for a data base of another kind."""
    prefix = "sqlite:///"
    return layout.root / url.removeprefix(prefix) if url.startswith(prefix) else None


def _intents(domain: Path) -> str:
    """The domain's list of intents, which is all of the domain that the intent model knows."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(domain.glob("*.yml"))]
    pattern = re.compile(r"^intents:\n((?:[ \t-].*\n|\n|#.*\n)*)", flags=re.MULTILINE)
    return "".join(listed for text in texts for listed in pattern.findall(text))
