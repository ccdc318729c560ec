"""What other policies would add: the same data trained with each, and every conversation scenario played with it.

The rest of the system runs already (`make eval-policies` sees to it); each variant gets a Rasa of its own beside it.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from benchmarks.servers import Server, free_port, serving
from benchmarks.turn import OWN, measured
from intent_service.evaluation.report import keep

STORIES = Path(__file__).parent / "policy_stories.yml"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
TED = {"name": "TEDPolicy", "max_history": 8, "epochs": 20, "constrain_similarities": True}
_COUNTS = re.compile(r"^(\d+) passed, (\d+) failed", re.MULTILINE)
_FAILED = re.compile(r"^✗ (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Variant:
    """Policies beside RulePolicy; ``stories``: whether they get the stories to learn from."""

    name: str
    beside: tuple[dict[str, Any], ...]
    stories: bool


VARIANTS = (
    Variant("rules", (), stories=False),
    Variant("memoization", ({"name": "AugmentedMemoizationPolicy", "max_history": 8},), stories=True),
    Variant("ted", ({"name": "AugmentedMemoizationPolicy", "max_history": 8}, TED), stories=True),
)


def main() -> int:
    """Measure the chosen variants and end with one line of JSON."""
    parser = argparse.ArgumentParser(prog="eval-policies", description=__doc__)
    names = [variant.name for variant in VARIANTS]
    parser.add_argument("variants", nargs="*", metavar="VARIANT", help=f"of {', '.join(names)} (default: all)")
    parser.add_argument("--rasa-python", default=".venv-rasa/bin/python", help="Python of Rasa's environment")
    parser.add_argument("--tickets-db", required=True, help="the back office's SQLite file")
    given = parser.parse_args()
    found = {
        variant.name: _measured(variant, given.rasa_python, given.tickets_db)
        for variant in VARIANTS
        if variant.name in (given.variants or names)
    }
    print(keep("eval-policies", found, now=datetime.now(UTC)))
    return 0


def _measured(variant: Variant, python: str, tickets: str) -> dict[str, Any]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        training_s, megabytes = _train(variant, python, folder)
        server: Server = stack.enter_context(_rasa(folder, python))
        passed, failed, which = _conversations(server.url, tickets)
        row = {
            "passed": passed,
            "failed": failed,
            "training_s": training_s,
            "model_mb": megabytes,
            "ready_s": server.ready_seconds,
            "memory_mb": server.resident_mb(),
            "failed_scenarios": which,
        }
        for kind in OWN[:2]:
            load = asyncio.run(measured(kind, server.url, 1, 5.0))
            row[f"{kind.name}_p50_ms"] = load["p50_ms"]
    print(variant.name, row, flush=True)
    return row


def _train(variant: Variant, python: str, folder: Path) -> tuple[float, float]:
    """Seconds and size in MB; the intent model is the running service's and is not trained."""
    config = yaml.safe_load(Path("config.yml").read_text(encoding="utf-8"))
    config["policies"] += variant.beside
    (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    domain = "domain" if Path("domain").is_dir() else "domain.yml"
    data = ["data/rules", "data/nlu", *([str(STORIES)] if variant.stories else [])]
    begun = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own bot
        [python, "-m", "rasa", "train", "--domain", domain, "--config", str(folder / "config.yml"), "--data", *data,
         "--out", str(folder), "--fixed-model-name", "variant"],
        env=os.environ | QUIET, check=True, capture_output=True,
    )  # fmt: skip
    return round(time.perf_counter() - begun, 1), round((folder / "variant.tar.gz").stat().st_size / 1e6, 2)


def _rasa(folder: Path, python: str) -> Any:
    port = free_port()
    run = (
        *("run", "--enable-api", "--model", str(folder / "variant.tar.gz"), "--endpoints", "endpoints.yml"),
        *("--credentials", "credentials.yml", "--port", str(port), "-i", "127.0.0.1"),
    )
    own = {"RASA_TRACKER_DB": str(folder / "tracker.db")}
    return serving(["rasa", *run], port, python=python, ready="/webhooks/rest/ready", **QUIET, **own)


def _conversations(url: str, tickets: str) -> tuple[int, int, list[str]]:
    """Scenarios passed and failed, and the names of those that failed."""
    command = ("-m", "conversation_runner", "--url", url, "--tickets-db", tickets, "--jobs", "2")
    told = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False).stdout  # noqa: S603
    counts = _COUNTS.search(told)
    if counts is None:
        raise RuntimeError(f"The conversations were not played: {told[-500:]}")
    return int(counts[1]), int(counts[2]), sorted(set(_FAILED.findall(told)))


if __name__ == "__main__":
    raise SystemExit(main())
