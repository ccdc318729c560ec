"""What a customer and a colleague said to each other, written into the tracker when the bot takes over again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

PART = "human_part"
"""Key in an event's metadata: the id of the part it came with."""


async def write_human_part(agent: Agent, conversation_id: str, part_id: str, said: Iterable[dict[str, Any]]) -> bool:
    """Append what was said, once a part; whether anything was written.

    Args:
        agent: Rasa's agent, ready.
        conversation_id: the conversation.
        part_id: the same part again is not written again.
        said: ``{"speaker": "customer"|"agent"|"note"|"answer", "text", "name"?, "message_id"?, "turn"?}`` in order; a
            note is a colleague's word to the bot. A customer's words with a turn that the tracker has are left out.
    """
    async with agent.lock_store.lock(conversation_id):
        stored = await agent.tracker_store.retrieve_full_tracker(conversation_id)
        if stored is not None and _has(stored, part_id):
            return False
        tracker = await agent.processor.fetch_tracker_with_initial_session(conversation_id)
        new = [one for one in said if not _remembered(stored, one)]
        for event in _events(part_id, new):
            tracker.update(event)
        await agent.tracker_store.save(tracker)
        return True


def _has(tracker: DialogueStateTracker, part_id: str) -> bool:
    return any((event.metadata or {}).get(PART) == part_id for event in tracker.events)


def _remembered(tracker: DialogueStateTracker | None, one: dict[str, Any]) -> bool:
    """Whether a turn with this message was finished here although a person cut it off before it was told."""
    ids = {one.get("message_id"), one.get("turn")} - {None}
    events = tracker.events if tracker is not None else ()
    return any(isinstance(event, UserUttered) and event.message_id in ids for event in events)


def _events(part_id: str, said: Iterable[dict[str, Any]]) -> list[Event]:
    """A form that was open when the person came is over; the bot listens at the end.

    A colleague's answer that the bot itself told is no more than that: whatever is open goes on.
    """
    said = list(said)
    if said and all(one["speaker"] == "answer" for one in said):
        return [BotUttered(one["text"], metadata={PART: part_id, "speaker": "answer"}) for one in said]
    written: list[Event] = [ActiveLoop(None, metadata={PART: part_id}), SlotSet("requested_slot", None)]
    for one in said:
        mark = {PART: part_id, "speaker": one["speaker"], "name": one.get("name")}
        if one["speaker"] == "customer":
            written.append(ActionExecuted(ACTION_LISTEN_NAME, metadata=mark))
            written.append(UserUttered(one["text"], message_id=one.get("message_id"), metadata=mark))
        elif one["speaker"] == "note":
            note = f"(Note from {one.get('name') or 'a colleague'}, which the customer does not see: {one['text']})"
            written.append(BotUttered(note, metadata=mark))
        else:
            written.append(BotUttered(one["text"], metadata=mark))
    return [*written, ActionExecuted(ACTION_LISTEN_NAME, metadata={PART: part_id})]
