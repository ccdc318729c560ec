"""A turn is whole or did not happen.

Stock Rasa swallows what fails inside a turn: the customer gets nothing, the tracker says the action ran, and a
form whose activation failed is submitted empty. Here a failure aborts the turn before its one save, so that the
same message can be run again, and the customer is told. Messages wait until the turn is saved: nobody reads half
an answer that then never happened. The replaced methods are guarded by ``internals.check``.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import os
import time
from typing import Any

import rasa.core.actions.action as action_module
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor

from rasa_extensions import action_connections, event_kinds, internals, past_states, payloads
from rasa_extensions.action_answers import prepare, validate_action_result
from rasa_extensions.metrics import TURN_SECONDS, TURNS
from rasa_extensions.understanding import shared_intent_service

logger = logging.getLogger(__name__)

# A generated answer takes up to 12 s (ANSWERING_LLM_SECONDS), and it comes with a search before and a check after.
DEFAULT_ACTION_TIMEOUT_S = 15.0
_RAISED = 500
FAILED_TURN_RESPONSE = "utter_turn_failed"

_in_turn: contextvars.ContextVar[bool] = contextvars.ContextVar("frontdesk_in_turn", default=False)
_run_action = action_module.RemoteAction.run
_handle_message = MessageProcessor.handle_message


class TurnAborted(BaseException):
    """Ends a turn before it is saved.

    A ``BaseException``, because Rasa catches ``Exception`` around every action and goes on as if it had run.

    Attributes:
        kind: ``action_timeout``, ``action_raised`` (the action server answered 500), ``action_failed`` (it could not be
            asked), ``tracker_store`` or ``action_limit``.
        detail: the action's or the exception's name; for logs only.
    """

    def __init__(self, kind: str, detail: str | None) -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail


class TurnRecord(OutputChannel):
    """A channel that wants to know how its turn ended, instead of a sentence for the customer.

    Attributes:
        outcome: ``answered``, ``no_reply``, ``turn_failed`` or a ``TurnAborted.kind``; None before the end.
        messages: what was said, each whole; empty unless the turn was answered.
    """

    def __init__(self, channel_name: str) -> None:
        self._channel_name = channel_name
        self.outcome: str | None = None
        self.messages: list[dict[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]  # Rasa asks the instance
        return self._channel_name


class Outbox(OutputChannel):
    """Keeps a turn's messages, each whole (text, buttons and data together), until the turn is saved."""

    def __init__(self, channel_name: str) -> None:
        self._channel_name = channel_name
        self.messages: list[dict[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]  # Rasa asks the instance; responses may vary by channel
        return self._channel_name

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        del recipient_id
        self.messages.append(dict(message))


async def _watched_run(self: Any, *args: Any, **kwargs: Any) -> Any:
    """``RemoteAction.run``, but a failure inside a turn ends the turn."""
    try:
        return await _run_action(self, *args, **kwargs)
    except action_module.ActionExecutionRejection:
        raise
    except Exception as error:
        if not _in_turn.get():
            raise
        raise TurnAborted(_kind_of(error), self.name()) from error


def _kind_of(error: Exception) -> str:
    """Rasa wraps what the action server answered; 500 is an action's own fault and comes back with the message."""
    if isinstance(error, asyncio.TimeoutError):
        return "action_timeout"
    return "action_raised" if getattr(error.__cause__, "status", None) == _RAISED else "action_failed"


def _store_failed(error: Exception) -> None:
    if _in_turn.get():
        raise TurnAborted("tracker_store", type(error).__name__) from error
    raise error


def _action_limit(tracker: Any, *_: Any) -> None:
    raise TurnAborted("action_limit", tracker.latest_action_name)


async def _whole_turn(self: MessageProcessor, message: UserMessage) -> list[dict[str, Any]] | None:
    """``MessageProcessor.handle_message``: understand, run, save, then deliver; or say that it failed."""
    self.tracker_store._on_tracker_store_error = _store_failed
    self.on_circuit_break = _action_limit
    channel, outbox = message.output_channel, Outbox(message.output_channel.name())
    message.output_channel = outbox
    started, outcome = time.monotonic(), "answered"
    token = _in_turn.set(True)
    try:
        if message.text and not message.text.startswith("/") and not message.parse_data:
            message.parse_data = await shared_intent_service().parse(message.text)
        await _handle_message(self, message)
        messages = outbox.messages
        if not messages:
            outcome = "no_reply"
            logger.error("turn.no_reply message_id=%s", message.message_id)
    except TurnAborted as aborted:
        outcome = aborted.kind
        logger.exception(
            "turn.aborted kind=%s detail=%s message_id=%s", aborted.kind, aborted.detail, message.message_id
        )
    except Exception:
        outcome = "turn_failed"
        logger.exception("turn.failed message_id=%s", message.message_id)
    finally:
        _in_turn.reset(token)
        message.output_channel = channel
    TURNS.labels(outcome).inc()
    TURN_SECONDS.observe(time.monotonic() - started)
    if isinstance(channel, TurnRecord):
        channel.outcome = outcome
        channel.messages = messages if outcome == "answered" else []
        return None
    if outcome != "answered":
        messages = [_failure_message(self)]
    for whole in messages:
        await deliver(channel, message.sender_id, whole)
    return channel.messages if isinstance(channel, CollectingOutputChannel) else None


def _failure_message(processor: MessageProcessor) -> dict[str, Any]:
    """The domain's sentence for a failed turn; needs neither a tracker nor the action server."""
    return dict(processor.domain.responses[FAILED_TURN_RESPONSE][0])


async def deliver(channel: OutputChannel, recipient_id: str, message: dict[str, Any]) -> None:
    """Hand one whole message to a channel: collecting channels take it as it is, others render it their way."""
    if not isinstance(channel, CollectingOutputChannel):
        await channel.send_response(recipient_id, message)
        return
    fields = ("text", "buttons", "custom", "image", "attachment", "elements", "quick_replies")
    kept = {key: message[key] for key in fields if message.get(key)}
    await channel._persist_message({"recipient_id": recipient_id, **kept})


def install() -> None:
    """Replace Rasa's turn by ours, once a process.

    Raises:
        internals.UnsupportedRasa: Rasa's own methods are not the ones these were written for.
    """
    if MessageProcessor.handle_message is _whole_turn:
        return
    internals.check()
    action_module.DEFAULT_REQUEST_TIMEOUT = float(
        os.environ.get("FRONTDESK_ACTION_TIMEOUT_S") or DEFAULT_ACTION_TIMEOUT_S
    )
    action_module.RemoteAction.run = _watched_run
    action_module.RemoteAction._validate_action_result = validate_action_result
    prepare()
    event_kinds.install()
    action_connections.install()
    past_states.install()
    payloads.install()
    MessageProcessor.handle_message = _whole_turn
