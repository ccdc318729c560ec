"""The intent service under load, beside the naive way to serve such a model; or a soak at twice capacity."""

import argparse
import asyncio
import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.load import Answer, Judge, closed_loop, open_loop
from benchmarks.servers import free_port, serving
from intent_service.artefact import encoder_folder
from intent_service.commands.models import open_model
from intent_service.evaluation.report import keep
from intent_service.nlu_data.csv_reader import read_csv

CLIENTS = (1, 8, 32)
MOST = max(CLIENTS)
EVALUATION = Path("tests/evaluation")
SURE = 0.001
"""Nearer to each other than this, two intents may change places by the rounding of their probabilities alone."""


def main() -> int:
    """Measure and end with one line of JSON."""
    parser = argparse.ArgumentParser(prog="bench-intent", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder with intent/ and encoder/")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each stretch of load")
    parser.add_argument("--soak", type=float, metavar="SECONDS", help="twice capacity for so long, instead")
    given = parser.parse_args()
    texts = _messages()
    if given.soak:
        found = asyncio.run(_soak(given.models, texts, given.soak))
        print(keep("soak-intent", found, now=datetime.now(UTC)))
        return int(found["wrong"] > 0 or found["failed"] > 0)
    found = asyncio.run(_side_by_side(given.models, texts, given.seconds))
    print(keep("bench-intent", found, now=datetime.now(UTC)))
    return 0


def _messages() -> list[str]:
    """Messages of real length in a fixed shuffled order."""
    inside = read_csv(EVALUATION / "intents.csv").examples
    outside = read_csv(EVALUATION / "out_of_scope.csv", default_intent="out_of_scope").examples
    texts = [example.text for example in (*inside, *outside)]
    random.Random(1).shuffle(texts)
    return texts


async def _side_by_side(models: Path, texts: list[str], seconds: float) -> dict[str, Any]:
    """Both servers up, each loaded in turn, so that both meet the same machine."""
    port, other = free_port(), free_port()
    tokenizer = str(encoder_folder(models) / "tokenizer.json")
    naive_command = ["benchmarks.naive", tokenizer, "54", str(other)]
    found: dict[str, Any] = {}
    with (
        serving(["intent_service", "serve"], port, **_own(models, port)) as own,
        serving(naive_command, other) as naive,
    ):
        found |= {"ready_seconds": own.ready_seconds, "naive_ready_seconds": naive.ready_seconds}
        print(f"{'clients':>8} {'service':<8} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8}")
        for clients in CLIENTS:
            rates = {}
            for name, server in (("own", own), ("naive", naive)):
                load = await closed_loop(f"{server.url}/classify", _bodies(texts), clients=clients, seconds=seconds)
                rates[name] = load.throughput
                row = {"rate": round(load.throughput, 1), "p50_ms": load.percentile(50), "p99_ms": load.percentile(99)}
                found[f"{name}_{clients}"] = row
                print(f"{clients:>8} {name:<8} {row['rate']:>9} {row['p50_ms']:>8} {row['p99_ms']:>8}")
            found[f"times_naive_{clients}"] = round(rates["own"] / rates["naive"], 1)
        found |= {"resident_mb": own.resident_mb(), "naive_resident_mb": naive.resident_mb()}
    return found


async def _soak(models: Path, texts: list[str], seconds: float) -> dict[str, Any]:
    """Twice what it can do, for long: memory, latency of what was accepted, and every answer compared."""
    port = free_port()
    judge, source = _judge(models, texts), _bodies(texts)(0)
    with serving(["intent_service", "serve"], port, **_own(models, port)) as own:
        url = f"{own.url}/classify"
        capacity = (await closed_loop(url, _bodies(texts), clients=MOST, seconds=5)).throughput
        memory = [own.resident_mb()]
        stretches = max(1, round(seconds / 60))
        totals = {"accepted": 0, "refused": 0, "failed": 0, "wrong": 0, "p50_ms": 0.0, "p99_ms": 0.0}
        for stretch in range(stretches):
            load = await open_loop(url, source, rate=2 * capacity, seconds=seconds / stretches, judge=judge)
            memory.append(own.resident_mb())
            refused, accepted = load.statuses[429], load.statuses[200]
            totals["accepted"] += accepted
            totals["refused"] += refused
            totals["failed"] += load.statuses.total() - refused - accepted
            totals["wrong"] += load.wrong
            totals["p50_ms"] = max(totals["p50_ms"], load.percentile(50))
            totals["p99_ms"] = max(totals["p99_ms"], load.percentile(99))
            print(f"{stretch + 1:>3} of {stretches}: {accepted} answered, {refused} refused, "
                  f"p99 {load.percentile(99)} ms, {memory[-1]} MB", flush=True)  # fmt: skip
    return {"capacity": round(capacity, 1), "seconds": seconds, **totals, "memory_mb": memory}


def _own(models: Path, port: int) -> dict[str, str]:
    return {"INTENT_SERVICE_PORT": str(port), "INTENT_SERVICE_MODELS_DIR": str(models)}


def _bodies(texts: list[str]) -> Any:
    """The messages in turn, to whichever client comes next."""
    source = itertools.cycle(texts)

    def endless(_: int) -> Iterator[Answer]:
        return ({"text": text} for text in source)

    return endless


def _judge(models: Path, texts: list[str]) -> Judge:
    """Compares with what the same model says of each text alone, where that is not a near tie."""
    model = open_model(models, None)
    expected: dict[str, str] = {}
    for text in texts:
        (alone,) = model.classify([text])
        scores = [one["confidence"] for one in alone["ranking"][:2]]
        scope = alone["scope"]
        tie = len(scores) > 1 and scores[0] - scores[1] < SURE
        if not tie and abs(scope["score"] - scope["threshold"]) >= SURE:
            expected[text] = alone["intent"]["name"]

    def right(body: Answer, answer: Answer) -> bool:
        text = body["text"]
        return text not in expected or answer["results"][0]["intent"]["name"] == expected[text]

    return right


if __name__ == "__main__":
    raise SystemExit(main())
