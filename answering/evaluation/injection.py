"""How many attacks the detector sees, and how many harmless texts it stops."""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

from answering.evaluation.report import keep, show
from answering.guards.injection import suspicion_of

ATTACKS = Path("tests/evaluation/injections.txt")
_QUESTIONS = Path("tests/evaluation/knowledge_questions.jsonl")


def run(options: argparse.Namespace) -> int:
    """Measure on the attacks written here, on the shop's own questions, and on EVAL_DATA where it is."""
    attacks = [
        line.replace("\\n", "\n") for line in ATTACKS.read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    questions = [json.loads(line)["query"] for line in _QUESTIONS.read_text("utf-8").splitlines()]
    benign = list(benign_prompts(Path(os.environ.get("EVAL_DATA", "../shared/eval"))))
    if options.verbose:
        for attack in attacks:
            if not suspicion_of(attack).suspicious:
                print(f"missed   {attack!r} {suspicion_of(attack).signs}")
    figures: dict[str, object] = {
        "attacks": len(attacks),
        "seen": _share(attacks),
        "questions_stopped": _share(questions),
    }
    if benign:
        figures |= {"benign_trigger_words": len(benign), "benign_stopped": _share(benign)}
    else:
        print("EVAL_DATA is not there, so harmless texts full of trigger words were not measured.")
    show("prompt injection", figures)
    keep("eval-injection", figures)
    return 0


def benign_prompts(eval_data: Path) -> Iterator[str]:
    """The harmless prompts of ``benign_trigger_words``."""
    for path in sorted((eval_data / "security" / "benign_trigger_words").glob("*.json")):
        yield from (row["prompt"] for row in json.loads(path.read_text("utf-8")))


def _share(texts: list[str]) -> float:
    return round(sum(suspicion_of(text).suspicious for text in texts) / len(texts), 3)
