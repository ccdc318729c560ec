"""150 questions through the running system without a language model: answered rightly or not, asked back, handed over.

Each question is a conversation of its own, put to Rasa as a customer would. Judged by the entry that is cited.
"""

import argparse
import asyncio
import os
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import httpx

from answering.bootstrap import build_ladder
from answering.evaluation.report import keep, lines_of, show
from answering.model import Answer, Question
from answering.settings import AnsweringSettings, LanguageModelSettings
from contracts.nlu import parse_data_from

QUESTIONS = Path("tests/evaluation/answers.txt")
_TOLD = frozenset({"entry", "approved", "generated"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the entries that answer it; empty where the knowledge does not."""

    text: str
    entries: frozenset[str]


def read(path: Path = QUESTIONS) -> list[Asked]:
    """The questions of the file."""
    parts = (line.rpartition("|") for line in lines_of(path))
    return [
        Asked(text.strip(), frozenset(filter(None, entries.replace(" ", "").split(",")))) for text, _, entries in parts
    ]


def run(options: argparse.Namespace) -> int:
    """Ask every question once: the running system, or with ``--ladder`` the ladder alone."""
    if options.ladder:
        alone = asyncio.run(_through_ladder())
        if options.verbose:
            print(*(f"{outcome:12} {asked.text}" for asked, outcome in alone if outcome != "right"), sep="\n")
        _report(alone, "answers-ladder")
        return 0
    url = os.environ.get("RASA_URL") or "http://127.0.0.1:5005"
    outcomes: list[tuple[Asked, str]] = []
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        for asked in read():
            body = {"sender": f"eval-{uuid.uuid4().hex}", "message": asked.text}
            messages = client.post("/webhooks/rest/webhook", json=body).raise_for_status().json()
            outcomes.append((asked, outcome_of(asked, messages)))
            if options.verbose and outcomes[-1][1] not in {"right", "declined"}:
                told = " / ".join(str(message.get("text"))[:90] for message in messages)
                print(f"{outcomes[-1][1]:12} {asked.text} {sorted(asked.entries)}\n             {told}")
    _report(outcomes, "answers")
    return 0


async def _through_ladder() -> list[tuple[Asked, str]]:
    """What the ladder says by itself, told each question's intent; no journey, no person."""
    ladder = build_ladder(AnsweringSettings(cache_size=0), llm=LanguageModelSettings(provider="off"))
    outcomes: list[tuple[Asked, str]] = []
    service = os.environ.get("INTENT_SERVICE_URL") or "http://127.0.0.1:8001"
    async with httpx.AsyncClient(base_url=service, timeout=10, trust_env=False) as client:
        for asked in read():
            result = (await client.post("/classify", json={"text": asked.text})).raise_for_status().json()["results"][0]
            intent = parse_data_from(asked.text, result)["intent"]
            question = Question(asked.text, intent=intent["name"], intent_confidence=intent["confidence"])
            outcomes.append((asked, _outcome_of_answer(asked, await ladder.answer(question))))
    await ladder.close()
    return outcomes


def _outcome_of_answer(asked: Asked, answer: Answer) -> str:
    if answer.kind in _TOLD:
        return "right" if answer.entry_ids & asked.entries else "wrong"
    if answer.suggestions:
        offered = " ".join(suggestion.payload for suggestion in answer.suggestions)
        return "offered" if any(f'"{entry}"' in offered for entry in asked.entries) else "asked_back"
    return "declined"


def outcome_of(asked: Asked, messages: list[dict[str, object]]) -> str:
    """What came of a question.

    ``right`` and ``wrong`` told an entry; ``offered`` showed the right one among buttons, ``asked_back`` others;
    ``journey`` began to do what was asked; ``handed_over`` is a ticket; ``declined`` says that it cannot.
    """
    records = [message["custom"] for message in messages if isinstance(message.get("custom"), dict)]
    record = next((record for record in records if isinstance(record, dict) and record.get("kind") == "answer"), {})
    text = " ".join(str(message.get("text") or "") for message in messages)
    buttons = str([message.get("buttons") for message in messages])
    if record.get("rung") in _TOLD:
        cited = {str(citation["entry_id"]) for citation in record.get("citations") or ()}
        return "right" if cited & asked.entries else "wrong"
    if "T-" in text and "ticket" in text.casefold():
        return "handed_over"
    if "/ask_entry" in buttons:
        return "offered" if any(f'"{entry}"' in buttons for entry in asked.entries) else "asked_back"
    if "?" in text and "shall i" not in text.casefold() and "which is it" not in text.casefold():
        return "journey"
    return "declined"


def _report(outcomes: list[tuple[Asked, str]], name: str) -> None:
    known = Counter(outcome for asked, outcome in outcomes if asked.entries)
    unknown = Counter(outcome for asked, outcome in outcomes if not asked.entries)
    answerable = sum(known.values())
    figures: dict[str, object] = {
        "questions": len(outcomes),
        "wrong": round((known["wrong"] + unknown["wrong"]) / len(outcomes), 3),
        "answered_rightly": round(known["right"] / answerable, 3),
        "answered_or_offered": round((known["right"] + known["offered"]) / answerable, 3),
        "answerable": dict(known),
        "not_answerable": dict(unknown),
    }
    show(name.replace("-", ", "), figures)
    keep(f"eval-{name}", figures)
