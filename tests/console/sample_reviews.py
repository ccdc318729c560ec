"""Transcripts that the scripted server begins with."""

from __future__ import annotations

from typing import Any

from tests.console.sample import ago, knew

Json = dict[str, Any]
INTENTS = [
    {"name": "order_status", "description": "Where an order is", "examples": 48},
    {"name": "ask_return_policy", "description": "How and until when something can be sent back", "examples": 37},
    {"name": "refund_request", "description": "Money back", "examples": 52},
    {"name": "complaint", "description": "Something went wrong and they are unhappy", "examples": 61},
    {"name": "warranty_question", "description": "What the warranty covers", "examples": 22},
    {"name": "store_hours", "description": "When a shop is open", "examples": 18},
]
ENTITIES = ["order_number", "product", "amount"]
FACETS = {
    "channels": ["web", "whatsapp", "email"],
    "intents": [one["name"] for one in INTENTS],
    "actions": ["action_answer_question", "action_order_status"],
    "rungs": ["approved", "entry", "generated", "did_you_mean", "none"],
    "models": ["2026-11-24", "2026-11-17"],
    "tags": ["delivery", "vip"],
    "entities": ENTITIES,
    "slots": ["order_number"],
    "handoff_reasons": ["asked_for_person", "very_negative"],
}
_FIRST = [
    ("The kettle came without its lid, what now?", "ask_return_policy", 0.46, "unsure", "bot", None),
    ("This is the third time I write, nobody helps!", "complaint", 0.91, "unhappy", "person", "very_negative"),
    ("Can I pay with my old gift card from 2019?", "store_hours", 0.38, "new_wording", "left", None),
    ("where is A-1042", "order_status", 0.98, None, "bot", None),
    ("I want to speak to somebody", "refund_request", 0.55, "unsure", "person", "asked_for_person"),
]


def row(number: int, **fields: Any) -> Json:
    """A line of the list."""
    text, intent, confidence, why, outcome, reason = _FIRST[number % len(_FIRST)]
    base: Json = {"id": f"web/{number}", "channel": "web", "started_at": ago(30 + number * 47)}
    base |= {"ended_at": ago(20 + number * 47), "turns": 4, "customer_messages": 2, "intents": [intent, "order_status"]}
    base |= {"min_confidence": confidence, "fallbacks": int(confidence < 0.4), "rungs": ["entry"]}
    base |= {"handoff_reason": reason, "rating": [None, 1, None, 5, 3][number % 5], "outcome": outcome}
    base |= {"sentiment_min": [-0.3, -0.8, 0.0, 0.4, -0.1][number % 5], "model_version": "2026-11-24"}
    base |= {"tags": ["delivery"] if number % 5 == 3 else [], "state": "unread", "flagged": False}
    return base | {"first_text": text, "why_next": why} | fields


def turn(index: int, text: str, knowledge: Json | None, *said: str, **fields: Any) -> Json:
    """A message and what came of it."""
    bot: list[Json] = [
        {
            "text": one,
            "buttons": [],
            "rung": "entry",
            "citations": [{"entry_id": "returns", "title": "Returns", "relevance": 0.82}],
        }
        for one in said
    ]
    lists: Json = {"agent": [], "marks": [], "comments": []}
    base: Json = {"index": index, "message_id": f"m{index}", "at": ago(29 - index), "text": text, "clicked": None}
    base |= {"knew": knowledge, "bot": bot, "corrected": None, "answer_rating": None, "should_have_been": None}
    return base | lists | fields


def review(number: int) -> Json:
    """One conversation."""
    line = row(number)
    cited = [
        {"entry_id": "returns", "title": "Sending something back", "relevance": 0.82},
        {"entry_id": "parts", "title": "Spare parts", "relevance": 0.41},
    ]
    first = knew(line["intents"][0], line["min_confidence"], rung="entry", citations=cited)
    first |= {"sentiment": line["sentiment_min"], "actions": ["action_answer_question"], "slots_set": {}}
    second = knew(
        "order_status", 0.97, entities=[{"entity": "order_number", "value": "A-1042", "start": 12, "end": 18}]
    )
    turns = [
        turn(0, line["first_text"], first, "You can send it back **within 30 days**.\n\n- Pack it\n- Print the label"),
        turn(1, "My order is A-1042, please", second, "Order A-1042 is on its way. It comes *tomorrow*."),
    ]
    if line["outcome"] == "person":
        said = [
            {"speaker": "agent", "name": "Brian Walsh", "text": "Hello, Brian here. I am sorry.", "at": ago(25)},
            {"speaker": "customer", "name": None, "text": "Finally.", "at": ago(24)},
        ]
        turns[1] |= {"agent": said}
    turns.append(turn(2, "/affirm", knew("affirm", 1.0), "Good.", clicked="Yes, that helped"))
    return {"row": line, "turns": turns, "comments": []}


SCENARIO = """\
# Played by the conversation runner.
name: customer_asks_about_a_missing_lid
steps:
  - customer: The kettle came without its lid, what now?
    intent: ask_return_policy
    answered_by: returns
"""
EXPORT: Json = {
    "files": [],
    "added": [{"text": "The kettle came without its lid, what now?", "intent": "warranty_question"}],
    "refused": [{"text": "hello", "why": "It is there already."}],
    "yaml": "version: '3.1'\nnlu:\n- intent: warranty_question\n"
    "  examples: |\n    - The kettle came without its lid, what now?\n",
}
CORRECTIONS: list[Json] = [
    {
        "conversation_id": "web/2",
        "index": 0,
        "text": "Is my kettle covered?",
        "was": "store_hours",
        "intent": "warranty_question",
        "entities": [{"entity": "product", "value": "kettle", "start": 6, "end": 12}],
        "by": "Lena Roth",
        "at": ago(90),
        "exported_at": None,
    },
    {
        "conversation_id": "web/7",
        "index": 1,
        "text": "Then I want it back",
        "was": "complaint",
        "intent": "refund_request",
        "entities": None,
        "by": "Ciara Nolan",
        "at": ago(60 * 30),
        "exported_at": None,
    },
]
