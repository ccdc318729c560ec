"""Conversations that are over, made by hand, and the people in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from conversation_runner.turn import BotMessage, Button, Turn, Understood
from simulator.cast import Cast, Item, Order, Person
from simulator.invariants import Rules
from simulator.ledger import Change
from simulator.model import Tactic
from simulator.move import Move
from simulator.plan import Visit
from simulator.visit import Record

KETTLE = Order("10101", "placed", 7900, (Item("Tarn kettle", 1, 7900),), ("CP1",), "1 Own Road")
LAMP = Order("10202", "placed", 6900, (Item("Lumen desk lamp", 1, 6900),), ("CP2",), "2 Other Road")
ANN = Person(
    "c1", "Ann Moss", "ann@example.com", "+353915550001", "1 Own Road", "H91 A1A1", "Galway", "IE", (KETTLE,), ()
)
BEN = Person(
    "c2", "Ben Reed", "ben@example.com", "+353915550002", "2 Other Road", "H91 B2B2", "Cork", "IE", (LAMP,), ("S-1",)
)
RULES = Rules(Cast((ANN, BEN)), frozenset({"order_number"}), frozenset({"Sorry, part of our system is away."}), "10303")


def turn(said: str, *texts: str, mid: str = "m1", intent: str = "inform", **more: Any) -> Turn:
    """A turn whose replies are ``texts``."""
    buttons = tuple(Button(title, "/x") for title in more.pop("buttons", ()))
    messages = tuple(BotMessage(text, buttons if index == 0 else ()) for index, text in enumerate(texts))
    return Turn(
        said=said,
        clicked=None,
        messages=more.pop("messages", messages),
        understood=Understood(True, False, intent, more.pop("confidence", 0.9), (), ()),
        ran=(),
        slots={},
        active_form=more.pop("form", None),
        requested_slot=more.pop("asked", None),
        events=({"event": "user", "message_id": mid},),
    )


def visit(**more: Any) -> Visit:
    """Ann, who wants her order cancelled."""
    plain: dict[str, Any] = {
        "number": 3, "seed": "1/3", "goals": ("cancel_order",), "together": False, "mood": "plain", "person": ANN,
        "order": KETTLE, "facts": {"order_number": "10101", "email": ANN.email},
    }  # fmt: skip
    return Visit(**(plain | more))


def stranger(**more: Any) -> Visit:
    """Somebody with the number of Ben's order."""
    tactic = Tactic(name="guess", lines=("where is {order_number}",))
    return visit(person=None, order=LAMP, tactic=tactic, facts={"order_number": "10202"}, **more)


def record(*turns: Turn, agreed: Sequence[bool] = (), **more: Any) -> Record:
    """Ann's conversation, over and well unless told otherwise."""
    plain: dict[str, Any] = {
        "visit": visit(), "conversation_id": "one", "outcome": "reached", "missed": (), "changes": (),
        "moves": tuple(Move(one.said, "tell") for one in turns),
    }  # fmt: skip
    return Record(turns=turns, agreed=tuple(agreed) or (False,) * len(turns), **(plain | more))


def change(action: str, *, mid: str | None = "m1", subject: str = "10101", customer: str | None = "c1") -> Change:
    """An entry of the audit log."""
    return Change(action, subject, customer, "one", mid, "2026-11-25T10:00:00")


@pytest.fixture
def rules() -> Rules:
    """Two people, an internal name, a sentence of an outage."""
    return RULES
