"""Telling what a language model wrote, and putting up as buttons what it proposes."""

from typing import Any

import orjson
from rasa_sdk.events import EventType, SlotSet

from actions.metrics import ANSWERS
from actions.turn import PERSON_BUTTON, Turn
from answering.model import Answer, Generated, Proposal
from backoffice.parsing import parse_order_number

_BUTTONS = {
    "show_order": ("Look up my order", "order_status"),
    "return_item": ("Start the return", "return_item"),
    "open_ticket": ("Open a ticket", "open_ticket"),
    "ask_colleague": ("Ask a colleague", "open_ticket"),
    "hand_over": (PERSON_BUTTON["title"], "request_human"),
}
"""Title, and the intent whose journey does it. A model only ever causes the button; the journey asks and checks."""


def buttons_of(generated: Generated | None) -> list[dict[str, str]]:
    """The proposals as buttons, each once."""
    found = [_button(proposal) for proposal in (generated.proposals if generated else ())]
    return list({button["payload"]: button for button in found}.values())


def _button(proposal: Proposal) -> dict[str, str]:
    title, intent = _BUTTONS[proposal.kind]
    number = parse_order_number(proposal.order_number or "")  # a model may have written anything there
    entities = orjson.dumps({"order_number": number}).decode() if number else ""
    return {"title": title, "payload": f"/{intent}{entities}"}


def record_of_generated(generated: Generated) -> dict[str, Any]:
    """What the console, the tests and a comparison of prompts read beside the text."""
    ending = generated.ending
    return {
        "prompt": generated.prompt,
        "model": generated.model,
        "outcome": generated.outcome,
        "repaired": generated.repaired,
        "proposals": [proposal.kind for proposal in generated.proposals],
        "ending": ending and {"kind": ending.kind, "resolved": ending.resolved, "satisfaction": ending.satisfaction},
    }


def say_generated(turn: Turn, answer: Answer, *, data: dict[str, Any], source: str) -> list[EventType]:
    """Tell a checked answer with its sources, ask back, put up what was proposed, or end the chat."""
    ANSWERS.labels("generated").inc()
    outcome = answer.generated.outcome if answer.generated else "answered"
    ending = answer.generated.ending if answer.generated else None
    offer_person = outcome == "finished" and ending is not None and not ending.resolved
    buttons = buttons_of(answer.generated)
    if offer_person and all(button["payload"] != PERSON_BUTTON["payload"] for button in buttons):
        buttons.append(PERSON_BUTTON)
    if outcome == "answered":
        turn.say("utter_answer", answer=answer.text, source=source, data=data, buttons=buttons)
    elif outcome == "asked_back":
        turn.say("utter_ask_back", question=answer.text, data=data, buttons=buttons)
    elif outcome == "finished":
        turn.say("utter_chat_unresolved" if offer_person else "utter_chat_finished", data=data, buttons=buttons)
    else:
        turn.say("utter_proposals", data=data, buttons=buttons)
    return [SlotSet("fallback_count", 0.0), SlotSet("pending_offer", "person" if offer_person else None)]
