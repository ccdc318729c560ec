"""Whether, when and why a person takes over, on labelled conversations: the rules with the real understanding."""

import argparse
import os
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from answering.evaluation.report import keep, show
from contracts.escalation import thresholds, words
from contracts.escalation.history import state_from
from contracts.escalation.model import Decision
from contracts.escalation.rules import decide
from contracts.nlu import parse_data_from

CONVERSATIONS = Path("tests/evaluation/escalation.txt")
_REPLIES = {
    "A": "utter_answer", "B": "utter_backoffice_down", "C": "utter_complaint", "D": "utter_did_you_mean",
    "E": "utter_not_understood_again", "F": "utter_not_understood", "G": "utter_greet", "H": "utter_not_helpful",
    "I": "utter_invalid_order_number", "K": "utter_knowledge_down", "N": "utter_no_answer",
    "O": "utter_order_in_transit", "P": "utter_person_instead", "Q": "utter_ask_order_number",
    "T": "utter_thanks", "U": "utter_bot", "V": "utter_capabilities", "W": "utter_abuse_warning",
    "X": "utter_abuse_second_warning", "Y": "utter_next_step",
}  # fmt: skip
_MISSES = frozenset("EFN")
_OUTAGES = frozenset("BK")


@dataclass
class Labelled:
    """A conversation; ``turn`` is the message at which a person should take over, 0 for never."""

    reason: str
    turn: int
    form: bool
    relevance: float | None
    messages: list[tuple[str, str, str]] = field(default_factory=list)


def read(path: Path = CONVERSATIONS) -> list[Labelled]:
    """The conversations of the file."""
    found: list[Labelled] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("== "):
            reason, turn, *options = line.removeprefix("== ").split()
            relevance = next((float(option[2:]) for option in options if option.startswith("r=")), None)
            found.append(Labelled(reason, int(turn), "form" in options, relevance))
        elif line.strip() and not line.startswith("#"):
            text, _, reply = line.partition("|")
            letter, _, entry = reply.strip().partition(" ")
            found[-1].messages.append((text.strip(), letter, entry))
    return found


def run(options: argparse.Namespace) -> int:
    """Play every conversation and compare."""
    conversations = read()
    judged: list[tuple[Labelled, int, str]] = []
    url = os.environ.get("INTENT_SERVICE_URL") or "http://127.0.0.1:8001"
    with httpx.Client(base_url=url, timeout=10, trust_env=False) as client:
        for labelled in conversations:
            turn, decision = _first_handover(labelled, client)
            judged.append((labelled, turn, decision.reason.value if decision.reason else "none"))
            if options.verbose and (turn, judged[-1][2]) != (labelled.turn, labelled.reason):
                print(f"{labelled.reason}@{labelled.turn} got {judged[-1][2]}@{turn}: {labelled.messages[-1][0]}")
    _report(judged)
    return 0


def _first_handover(labelled: Labelled, client: httpx.Client) -> tuple[int, Decision]:
    events: list[dict[str, Any]] = []
    for number, (text, letter, entry) in enumerate(labelled.messages, start=1):
        result = client.post("/classify", json={"text": text}).raise_for_status().json()["results"][0]
        events.append({"event": "user", "text": text, "parse_data": parse_data_from(text, result)})
        last = number == len(labelled.messages)
        for decision in _asked(labelled, events, letter, relevance=labelled.relevance if last else None):
            if decision.hands_over:
                return number, decision
        custom = {"kind": "answer", "citations": [{"entry_id": entry}]} if entry else {}
        events.append({"event": "bot", "metadata": {"utter_action": _REPLIES.get(letter)}, "data": {"custom": custom}})
    return 0, Decision()


def _asked(
    labelled: Labelled, events: list[dict[str, Any]], letter: str, *, relevance: float | None
) -> Iterator[Decision]:
    """The rules before the message is answered, and once it is known that it could not be."""
    limits = thresholds.load()
    form = "order_status_form" if labelled.form else None
    failed, down = letter in _MISSES, letter in _OUTAGES
    yield decide(state_from(events, limits, words.load(), active_form=form), limits)
    if failed or down:
        state = state_from(
            events, limits, words.load(), active_form=form, relevance=relevance, failed_now=failed, down_now=down
        )
        yield decide(state, limits)


def _report(judged: list[tuple[Labelled, int, str]]) -> None:
    due = [(labelled, turn, reason) for labelled, turn, reason in judged if labelled.turn]
    handed = [(labelled, turn, reason) for labelled, turn, reason in judged if turn]
    right = [(labelled, turn, reason) for labelled, turn, reason in due if turn]
    wrongly = Counter(reason for labelled, turn, reason in handed if not labelled.turn)
    missed = Counter(labelled.reason for labelled, turn, _ in due if not turn)
    figures: dict[str, object] = {
        "conversations": len(judged),
        "precision": round(len(right) / len(handed), 3),
        "recall": round(len(right) / len(due), 3),
        "at_the_right_turn": round(sum(turn == labelled.turn for labelled, turn, _ in right) / len(right), 3),
        "for_the_right_reason": round(sum(reason == labelled.reason for labelled, _, reason in right) / len(right), 3),
        "median_turn": statistics.median(turn for _, turn, _ in right),
        "median_turn_labelled": statistics.median(labelled.turn for labelled, _, _ in due),
        "handed_over_wrongly": dict(wrongly),
        "missed": dict(missed),
    }
    show("escalation", figures)
    keep("eval-escalation", figures)
