"""What a customer says to "did you mean one of these", where it is not a click."""

import json
import re
from typing import Any

from actions.bootstrap import Services
from actions.journey.choosing import names
from actions.turn import Turn
from answering.cache import ASK_ENTRY
from answering.model import Answer
from contracts.escalation.history import turns_in

_FEW_WORDS = 5
_PLACES = (r"\b(?:first|1st)\b", r"\b(?:second|2nd)\b", r"\b(?:third|3rd)\b")
_LIGHT = re.compile(r"(?i)\b(?:what|when|where|which|does|your|about|with|from|this|that|have|long|much|many|please)\b")


def suggested_before(turn: Turn) -> bool:
    """Whether the bot's last word was "did you mean"."""
    past = turns_in(turn.tracker.events)[:-1]
    return bool(past) and past[-1].replies[-1:] == ["utter_did_you_mean"]


async def only_suggestion(turn: Turn, services: Services) -> Answer | None:
    """The entry that was suggested last, where it was the only one: what a plain yes means."""
    offered = _offered(turn) if suggested_before(turn) else []
    return await _entry_of(offered[0], services) if len(offered) == 1 else None


async def entry_meant(turn: Turn, services: Services) -> Answer | None:
    """The one entry among the last suggestions that a few words name: "the kettle", "the second one"."""
    if not suggested_before(turn) or len(turn.text.split()) > _FEW_WORDS:
        return None
    offered = _offered(turn)
    place = next((place for place, word in enumerate(_PLACES) if re.search(word, turn.text, re.IGNORECASE)), None)
    said = _LIGHT.sub(" ", turn.text)
    fitting = [button for button in offered if names(str(button.get("title")), said)]
    if place is not None:
        fitting = offered[place : place + 1]
    if len(fitting) != 1:
        return None
    return await _entry_of(fitting[0], services)


async def _entry_of(button: dict[str, Any], services: Services) -> Answer | None:
    return await services.ladder.entry(str(json.loads(button["payload"].removeprefix(ASK_ENTRY))["entry_id"]))


def _offered(turn: Turn) -> list[dict[str, Any]]:
    """The buttons of the bot's last message that lead to entries."""
    bots = (event for event in reversed(turn.tracker.events) if event.get("event") == "bot")
    buttons = ((event.get("data") or {}).get("buttons") or [] for event in bots)
    return [button for button in next(buttons, []) if str(button.get("payload")).startswith(ASK_ENTRY)]
