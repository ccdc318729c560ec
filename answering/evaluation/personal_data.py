"""How much personal data is masked, by kind, and how much of what is none."""

import argparse
import json
import os
import re
from pathlib import Path

import yaml

from answering.evaluation.report import keep, show
from privacy.personal_data import PersonalData
from retrieval.company import personal_data_from
from retrieval.settings import RetrievalSettings

MESSAGES = Path("tests/evaluation/personal_data.yml")
_MARKED = re.compile(r"⟦(.*?)⟧")


def run(options: argparse.Namespace) -> int:
    """Measure on the messages written here, and on the card and account numbers of EVAL_DATA where they are."""
    finder = personal_data_from(RetrievalSettings())
    file = yaml.safe_load(MESSAGES.read_text("utf-8"))
    left = {kind: [message for message in messages if _is_left(message, finder)] for kind, messages in file.items()}
    harmless = file.pop("none")
    masked = [message for message in harmless if finder.find(message)]
    if options.verbose:
        for kind in file:
            print(f"left in {kind}: {left[kind]}")
        print(f"masked without need: {[(message, finder.find(message)) for message in masked]}")
    figures: dict[str, object] = {
        "messages": sum(map(len, file.values())),
        "recall_by_kind": {kind: round(1 - len(left[kind]) / len(messages), 3) for kind, messages in file.items()},
        "harmless": len(harmless),
        "masked_without_need": len(masked),
        **_numbers(finder, Path(os.environ.get("EVAL_DATA", "../shared/eval"))),
    }
    show("personal data", figures)
    keep("eval-personal-data", figures)
    return 0


def _is_left(message: str, finder: PersonalData) -> bool:
    """Whether a marked piece, or its longest part, can still be read."""
    hidden = finder.hidden(_MARKED.sub(r"\1", message))
    return any(piece.strip() in hidden for piece in _MARKED.findall(message))


def _numbers(finder: PersonalData, eval_data: Path) -> dict[str, object]:
    wrong = wrong_numbers(finder, eval_data)
    if wrong is None:
        print("EVAL_DATA is not there, so its card and account numbers were not checked.")
        return {}
    return {"vectors_wrong": len(wrong)}


def wrong_numbers(finder: PersonalData, eval_data: Path) -> list[str] | None:
    """The card and account numbers of ``security/luhn`` that are judged wrongly; None when they are not there."""
    folder = eval_data / "security" / "luhn"
    if not folder.exists():
        return None
    cards = json.loads((folder / "credit_card_vectors.json").read_text("utf-8"))
    ibans = json.loads((folder / "iban_vectors.json").read_text("utf-8"))
    expected = [(card["text"], "payment card number", bool(card["accepted_by_validator"])) for card in cards]
    expected += [(text, "bank account number", valid) for valid in (True, False) for text in ibans[_NAMES[valid]]]
    return [
        text
        for text, kind, valid in expected
        if any(find.kind == kind and find.text == text for find in finder.find(text)) != valid
    ]


_NAMES = {True: "valid", False: "invalid"}
