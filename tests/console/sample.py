"""People and conversations that the scripted console server begins with. Times are minutes before now."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

PERMISSIONS = {
    "agent": ["answer"],
    "lead": ["answer", "assign", "review", "numbers"],
    "editor": ["review", "knowledge"],
    "developer": ["review", "teach", "numbers"],
    "admin": ["answer", "assign", "review", "teach", "knowledge", "numbers", "admin"],
}


def ago(minutes: float) -> str:
    """A moment as the API writes it."""
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def account(name: str, *roles: str, **fields: Any) -> dict[str, Any]:
    """Somebody of the staff."""
    ident = name.partition(" ")[0].lower()
    base = {"id": ident, "name": name, "email": f"{ident}@alderwick.example", "roles": list(roles), "languages": ["en"]}
    return base | {"totp": False, "away": False, "capacity": 6, "skills": []} | fields


def knew(intent: str, confidence: float, **fields: Any) -> dict[str, Any]:
    """What the bot knew."""
    rest = [("ask_return_policy", 0.09), ("order_status", 0.05), ("complaint", 0.03), ("nlu_fallback", 0.01)]
    ranking = [{"name": intent, "confidence": confidence}]
    ranking += [{"name": name, "confidence": share} for name, share in rest]
    base: dict[str, Any] = {"entities": [], "sentiment": None, "urgency": None, "actions": [], "slots_set": {}}
    base |= {"intent": ranking[0], "ranking": ranking, "rung": None, "citations": [], "policy": "RulePolicy"}
    return base | fields


def item(speaker: str, text: str, minutes: float, **fields: Any) -> dict[str, Any]:
    """One place in a timeline."""
    lists: dict[str, Any] = {name: [] for name in ("buttons", "citations", "cards", "attachments")}
    base: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "speaker": speaker,
        "name": None,
        "client_id": None,
        "text": text,
        "image": None,
    }
    base |= {"event": None, "at": ago(minutes), "private": False, "note": False, "knew": None, "translations": {}}
    return lists | base | fields


def summary(ident: str, name: str | None, **fields: Any) -> dict[str, Any]:
    """A conversation as the list shows it."""
    base: dict[str, Any] = {"channel": "web", "state": "queued", "status": "open", "version": 3, "agent": None}
    base |= {"team": "service", "priority": "normal", "title": "", "last": None, "unread": 0, "waiting_seconds": None}
    base |= {"mood": 0.0, "tags": [], "snoozed_until": None, "locale": "en", "rating": None, "missed": False}
    base |= {"created_at": ago(40), "updated_at": ago(1)}
    customer = {"id": f"c-{ident}" if name else None, "name": name, "email": None}
    return base | {"id": ident, "customer": customer} | fields


ORDERS = [
    {
        "number": "A-1042",
        "state": "delayed",
        "placed_at": ago(60 * 24 * 9),
        "total": "€149.00",
        "tracking": "AN 4471 2086 IE",
        "items": "Kettle Alder 1.7 l, oak tray",
    },
    {
        "number": "A-0977",
        "state": "delivered",
        "placed_at": ago(60 * 24 * 61),
        "total": "€38.50",
        "tracking": None,
        "items": "Linen tea towels, set of 4",
    },
]

HANDOFF = {
    "reason": "very_negative",
    "priority": "high",
    "team": "complaints",
    "summary": "Mary waits for order A-1042, nine days late. She asked twice where it is and wants her money back.",
    "collected": {"order_number": "A-1042", "refund_amount": "149.00 EUR"},
    "intents": ["order_status", "request_refund", "complaint"],
    "tried": ["action_order_status", "utter_delay_apology"],
    "sentiment": [0.1, -0.2, -0.55, -0.8],
    "last_words": "This is ridiculous. I want my money back now!",
    "ticket_number": None,
    "at": ago(6),
}


def marys_items() -> list[dict[str, Any]]:
    """A conversation with everything in it."""
    late = knew(
        "order_status",
        0.94,
        sentiment=-0.2,
        urgency="normal",
        rung="entry",
        entities=[{"entity": "order_number", "value": "A-1042"}],
        actions=["action_order_status"],
        slots_set={"order_number": "A-1042"},
        citations=[
            {"entry_id": "delivery-times", "title": "How long does delivery take?", "relevance": 0.88},
            {"entry_id": "late-parcel", "title": "My parcel is late", "relevance": 0.71},
        ],
    )
    angry = knew("complaint", 0.82, sentiment=-0.8, urgency="high", rung="none", actions=["action_hand_over"])
    return [
        item("customer", "Hello, where is my order A-1042?", 22),
        item(
            "bot",
            "Your order **A-1042** left our warehouse on Monday. It is *delayed* at the carrier:\n\n- expected on "
            "Thursday\n- tracking [AN 4471 2086 IE](https://carrier.example/AN44712086IE)",
            22,
            knew=late,
            buttons=[
                {"title": "Cancel the order", "payload": "/cancel"},
                {"title": "Talk to a person", "payload": "/p"},
            ],
        ),
        item("customer", "That is what you said last week. It is nine days late.", 9),
        item("bot", "I am sorry about that. I can ask the carrier or cancel the order.", 9, knew=late),
        item("customer", "This is ridiculous. I want my money back now!", 6.4),
        item("bot", "I understand that you are upset. I bring in a colleague who can decide this.", 6.2, knew=angry),
        item("system", "", 6, event="handoff_queued"),
        item(
            "agent",
            "Carrier confirmed that it is lost: a refund is fine from our side.",
            4,
            name="Brian Walsh",
            note=True,
            private=True,
        ),
        item("customer", "Hello? Is anybody there?", 3.5),
    ]


def conversations() -> list[dict[str, Any]]:
    """A busy morning: (summary, items, handoff, customer)."""
    aoife = {"id": "aoife", "name": "Aoife Byrne"}
    brian = {"id": "brian", "name": "Brian Walsh"}
    mary = summary(
        "mary",
        "Mary O’Sullivan",
        priority="high",
        team="complaints",
        waiting_seconds=380,
        unread=2,
        mood=-0.8,
        title="This is ridiculous. I want my money back now!",
        tags=["refund", "late"],
    )
    return [
        {
            "c": mary,
            "items": marys_items(),
            "handoff": HANDOFF,
            "customer": {
                "id": "c-mary",
                "name": "Mary O’Sullivan",
                "email": "mary@example.org",
                "phone": "+353 1 555 0142",
                "since": ago(900_000),
                "orders": ORDERS,
                "tickets": [{"number": "T-2031", "subject": "Invoice for A-0977", "state": "closed"}],
                "verified": True,
            },
        },
        {
            "c": summary(
                "jonas",
                "Jonas Weber",
                waiting_seconds=95,
                unread=1,
                mood=-0.3,
                locale="de",
                title="Ist die Lampe wieder da?",
            ),
            "items": [
                item("customer", "Hallo, ist die Lampe *Birke* wieder da?", 3),
                item("bot", "Ich frage eine Kollegin.", 3),
                item("customer", "Danke, ich warte.", 1.6),
            ],
        },
        {
            "c": summary(
                "visitor1",
                None,
                waiting_seconds=18,
                unread=1,
                priority="urgent",
                mood=-0.7,
                title="My card was charged twice",
            ),
            "items": [item("customer", "My card was charged twice!!", 0.3)],
        },
        {
            "c": summary(
                "priya",
                "Priya Nair",
                state="agent",
                agent=aoife,
                waiting_seconds=150,
                unread=1,
                mood=0.1,
                tags=["exchange"],
                title="Can I swap it for the smaller one?",
            ),
            "items": [
                item("customer", "Hi! The jacket is too large.", 12),
                item("agent", "Hello Priya, I can help with that.", 10, name="Aoife Byrne"),
                item("customer", "Can I swap it for the smaller one?", 2.5),
            ],
        },
        {
            "c": summary("tom", "Tom Keane", state="agent", agent=aoife, mood=0.6, title="Great, thank you!"),
            "items": [
                item("customer", "Is Saturday possible?", 30),
                item("agent", "Yes, between 10:00 and 14:00.", 28, name="Aoife Byrne"),
                item("customer", "Great, thank you!", 27),
                item("agent", "You are welcome.", 26, name="Aoife Byrne"),
            ],
        },
        {
            "c": summary(
                "lena", "Lena Fischer", state="agent", agent=brian, mood=-0.1, title="I need the invoice again"
            ),
            "items": [
                item("customer", "I need the invoice again", 8),
                item("agent", "One moment, please.", 7, name="Brian Walsh"),
            ],
        },
        {
            "c": summary(
                "bot1", "Chidi Okafor", state="bot", status="pending", mood=0.2, title="Do you ship to Norway?"
            ),
            "items": [
                item("customer", "Do you ship to Norway?", 2),
                item("bot", "Yes, in five to seven working days.", 2, knew=knew("ask_shipping", 0.91, rung="approved")),
            ],
        },
        {
            "c": summary(
                "snoozed1",
                "Ewa Nowak",
                status="snoozed",
                state="agent",
                agent=aoife,
                snoozed_until=ago(-600),
                mood=0.0,
                title="I send the photo tomorrow",
            ),
            "items": [item("customer", "I send the photo tomorrow", 300)],
        },
        {
            "c": summary("done1", "Sam Reilly", status="resolved", state="closed", mood=0.4, rating=5, title="Thanks"),
            "items": [item("customer", "Thanks", 400), item("system", "", 399, event="closed")],
        },
    ]


CANNED: list[dict[str, Any]] = [
    {
        "id": "k1",
        "shortcut": "hello",
        "title": "Greeting",
        "text": "Hello {{customer.name}}, I am {{agent.name}}.",
        "team": None,
        "mine": False,
    },
    {
        "id": "k2",
        "shortcut": "refund",
        "title": "Refund agreed",
        "text": "I have refunded order {{order.number}}. It takes three to five days.",
        "team": None,
        "mine": False,
    },
    {
        "id": "k3",
        "shortcut": "refund-no",
        "title": "Refund not possible",
        "text": "I am sorry, we cannot refund this.",
        "team": None,
        "mine": True,
    },
    {
        "id": "k4",
        "shortcut": "bye",
        "title": "Goodbye",
        "text": "Thank you for writing to us. Have a good day!",
        "team": None,
        "mine": False,
    },
]
MACROS = [
    {"id": "m1", "title": "Lost parcel", "actions": [{"kind": "tag", "value": "lost"}, {"kind": "reply", "value": "…"}]}
]
TEAMS = [
    {"id": "service", "name": "Service", "agents": 3, "queued": 2},
    {"id": "complaints", "name": "Complaints", "agents": 1, "queued": 1},
    {"id": "finance", "name": "Finance", "agents": 1, "queued": 0},
]
SUGGESTIONS: list[dict[str, Any]] = [
    {
        "text": "If a parcel is more than **seven days** late, we send it again or refund it, as you like.",
        "source": "knowledge",
        "citations": [{"entry_id": "late-parcel", "title": "My parcel is late", "relevance": 0.86}],
    },
    {
        "text": "A late parcel may be refunded up to **€50** without asking a lead.",
        "source": "knowledge",
        "for_staff": True,
        "citations": [{"entry_id": "goodwill", "title": "Goodwill limits", "relevance": 0.61}],
    },
]
DRAFTS: list[dict[str, Any]] = [
    {"text": "I am sorry for the wait. I can refund €149.00 today; shall I?", "source": "model", "citations": []},
]
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "q1",
        "conversation_id": "bot1",
        "question": "Can the oak tray go into the dishwasher?",
        "asked_at": ago(4),
        "answer": None,
        "answered_by": None,
    },
    {
        "id": "q2",
        "conversation_id": "done1",
        "question": "Do you engrave?",
        "asked_at": ago(400),
        "answer": "Not at the moment.",
        "answered_by": "Brian Walsh",
    },
]
APPROVALS: list[dict[str, Any]] = [
    {
        "number": number,
        "question": question,
        "answer": answer,
        "audience": audience,
        "locale": "en",
        "by": by,
        "at": ago(60 * (60 - number)),
        "valid_from": None,
        "valid_until": until,
        "withdrawn_by": None,
        "withdrawn_at": None,
    }
    for number, question, answer, audience, by, until in (
        (53, "Do you engrave kettles?", "Yes, for 9 euro.\nUp to 20 letters.", "public", "Brian Walsh", None),
        (52, "May I visit the workshop?", "Until Christmas, on Fridays.", "customer", "Lena Roth", ago(-60 * 24 * 30)),
        (51, "Are you open on All Saints’ Day?", "No.", "public", "Lena Roth", ago(60 * 24 * 20)),
        *(
            (n, f"Is colour {n} still made?", f"Colour {n} is made.", "public", "Lena Roth", None)
            for n in range(50, 0, -1)
        ),
    )
]
TRANSLATED = {
    "Hallo, ist die Lampe *Birke* wieder da?": "Hello, is the lamp *Birke* in stock again?",
    "Danke, ich warte.": "Thank you, I am waiting.",
    "It is back on Monday.": "Am Montag ist sie wieder da.",
}
