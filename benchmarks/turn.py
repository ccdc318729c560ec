"""Turns a second of the running assistant, beside a stock Rasa with one trivial action.

The stock one is Rasa as it comes: its REST channel, keyword intents, SQL tracker store on SQLite, rasa-sdk's own
action server.
"""

import argparse
import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.load import Answer, closed_loop
from benchmarks.servers import Server, free_port, serving
from intent_service.evaluation.report import keep

BOT = Path(__file__).parent / "stock_bot"
CONVERSATIONS = (1, 5, 20)
TURNS_A_CONVERSATION = 20
WEBHOOK = "/webhooks/rest/webhook"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of conversation: what it says once, then again and again, and what every answer must contain."""

    name: str
    texts: Sequence[str]
    wanted: str
    first: Sequence[str] = ()


STOCK = Kind("stock_action", ("work",), "Done")
OWN = (
    Kind("response", ("hello there", "good morning"), "text"),
    Kind("answer", ("How long do I have to return something?", "Is there a student discount?"), "Source:"),
    Kind(
        "order_status",
        ("what about order 10046", "where is order 10041"),
        "Order 100",
        first=("where is order 10046? aoife.brennan@example.com",),
    ),
)


def main() -> int:
    """Measure and end with one line of JSON."""
    parser = argparse.ArgumentParser(prog="bench-turn", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each stretch of load")
    parser.add_argument("--url", default=os.environ.get("RASA_URL", "http://127.0.0.1:5005"), help="our Rasa")
    parser.add_argument("--rasa-python", default=".venv-rasa/bin/python", help="Python of Rasa's environment")
    given = parser.parse_args()
    found = asyncio.run(_side_by_side(given.url, given.rasa_python, given.seconds))
    print(keep("bench-turn", found, now=datetime.now(UTC)))
    return 0


async def _side_by_side(url: str, rasa_python: str, seconds: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stock = stack.enter_context(_stock_rasa(folder, rasa_python, stack))
        print(f"{'at once':>8} {'turn':<14} {'a second':>9} {'p50 ms':>8} {'p95 ms':>8}")
        for conversations in CONVERSATIONS:
            row = await measured(STOCK, stock.url, conversations, seconds)
            found[f"stock_action_{conversations}"] = row
            for kind in OWN:
                own = await measured(kind, url, conversations, seconds)
                own["times_stock_rate"] = round(own["rate"] / row["rate"], 2)
                own["of_stock_p50"] = round(own["p50_ms"] / row["p50_ms"], 2)
                found[f"{kind.name}_{conversations}"] = own
    return found


async def measured(kind: Kind, url: str, conversations: int, seconds: float) -> dict[str, Any]:
    """Conversations side by side, each starting anew after ``TURNS_A_CONVERSATION`` turns."""

    def bodies(_: int) -> Iterator[Answer]:
        while True:
            sender = f"bench-{uuid4().hex}"
            for number in range(-len(kind.first), TURNS_A_CONVERSATION):
                text = kind.first[number] if number < 0 else kind.texts[number % len(kind.texts)]
                yield {"sender": sender, "message": text}

    def right(_: Answer, answer: Answer) -> bool:
        return bool(answer) and kind.wanted in str(answer)

    load = await closed_loop(url + WEBHOOK, bodies, clients=conversations, seconds=seconds, judge=right)
    row = {"rate": round(load.throughput, 1), "p50_ms": load.percentile(50), "p95_ms": load.percentile(95)}
    print(f"{conversations:>8} {kind.name:<14} {row['rate']:>9} {row['p50_ms']:>8} {row['p95_ms']:>8}", flush=True)
    return row | ({"wrong": load.wrong} if load.wrong else {})


def _stock_rasa(folder: Path, python: str, stack: ExitStack) -> Any:
    """Train the stock bot and serve it with its action server."""
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    data = ("--data", str(BOT / "rules.yml"), str(BOT / "nlu.yml"))
    train = ("--domain", str(BOT / "domain.yml"), "--config", str(BOT / "config.yml"), *data, "--out", str(folder))
    subprocess.run(  # noqa: S603 - our own bot
        [python, "-m", "rasa", "train", *train, "--fixed-model-name", "stock"],
        env=os.environ | quiet, check=True, capture_output=True,
    )  # fmt: skip
    actions: Server = stack.enter_context(_action_server())
    (folder / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: {actions.url}/webhook\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'tracker.db'}\n",
        encoding="utf-8",
    )
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    port = free_port()
    run = (
        *("--model", str(folder / "stock.tar.gz"), "--endpoints", str(folder / "endpoints.yml")),
        *("--credentials", str(folder / "credentials.yml"), "--port", str(port), "-i", "127.0.0.1"),
    )
    return serving(["rasa", "run", *run], port, python=python, ready="/webhooks/rest/", **quiet)


def _action_server() -> Any:
    port = free_port()
    own = ("--actions", "benchmarks.stock_bot.trivial_actions", "--port", str(port))
    return serving(["rasa_sdk", *own], port, ready="/health")


if __name__ == "__main__":
    raise SystemExit(main())
