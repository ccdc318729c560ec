"""Anthropic's models by Anthropic's client."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import anthropic
import httpx2

from answering.llm.adapters.retry_after import seconds_of
from answering.llm.errors import (
    LanguageModelError,
    ModelAnswerBroken,
    ModelMisconfigured,
    ModelOverloaded,
    ModelUnavailable,
)
from answering.llm.model import Event, Finished, FinishReason, Message, Prompt, TextDelta, ToolCall, ToolSpec, Usage

_FINISHED: Mapping[str, FinishReason] = {
    "end_turn": "stop", "stop_sequence": "stop", "tool_use": "tool_calls", "max_tokens": "length",
    "model_context_window_exceeded": "length", "refusal": "refused",
}  # fmt: skip
_ASKS_FOR_A_PAUSE = {429, 529}
_OURS = range(400, 500)
_OVERLOADED_IN_STREAM = {"overloaded_error", "rate_limit_error"}


class AnthropicModel:
    """Implements ``LanguageModel``; every call is one try, trying again is the caller's."""

    def __init__(self, *, model: str, api_key: str, base_url: str | None, seconds: float) -> None:
        """Talk to ``model`` at ``base_url``, or at Anthropic when there is none."""
        self._model = model
        self._client = anthropic.AsyncAnthropic(
            api_key=api_key or "none", base_url=base_url or None, timeout=seconds, max_retries=0
        )

    @property
    def name(self) -> str:
        return f"anthropic/{self._model}"

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """See ``LanguageModel.stream``."""
        try:
            async with await self._client.messages.create(**self._body(prompt)) as events:
                async for event in _events(events):
                    yield event
        except (anthropic.AnthropicError, httpx2.HTTPError, ValueError) as error:
            raise _translated(error) from error

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "system": prompt.system,
            "messages": _messages(prompt.messages),
            "max_tokens": prompt.max_tokens,
            "stream": True,
        }
        if prompt.tools:
            body["tools"] = [_tool(tool) for tool in prompt.tools]
        return body


async def _events(events: AsyncIterator[Any]) -> AsyncIterator[Event]:
    """The provider's events as ours.

    Raises:
        ModelAnswerBroken: they end without having said why, or hold nothing.
    """
    call: dict[str, str] | None = None
    stop: str | None = None
    prompt_tokens = completion_tokens = 0
    something = False
    async for event in events:
        if event.type == "message_start":
            prompt_tokens = event.message.usage.input_tokens or 0
        elif event.type == "content_block_start" and event.content_block.type == "tool_use":
            call = {"id": event.content_block.id, "name": event.content_block.name, "arguments": ""}
        elif event.type == "content_block_delta" and event.delta.type == "text_delta" and event.delta.text:
            something = True
            yield TextDelta(event.delta.text)
        elif event.type == "content_block_delta" and event.delta.type == "input_json_delta" and call is not None:
            call["arguments"] += event.delta.partial_json
        elif event.type == "content_block_stop" and call is not None:
            something = True
            yield ToolCall(call["id"], call["name"], call["arguments"] or "{}")
            call = None
        elif event.type == "message_delta":
            stop = event.delta.stop_reason or stop
            completion_tokens = event.usage.output_tokens or completion_tokens
    if stop is None:
        raise ModelAnswerBroken("the answer ended in the middle")
    if not something and stop != "refusal":
        raise ModelAnswerBroken("the answer is empty")
    yield Finished(_FINISHED.get(stop, "stop"), Usage(prompt_tokens, completion_tokens))


def _messages(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Ours as theirs: roles take turns, and the answers to tool calls come as one message of the user's."""
    made: list[dict[str, Any]] = []
    for message in messages:
        role = "assistant" if message.role == "assistant" else "user"
        if made and made[-1]["role"] == role:
            made[-1]["content"] += _blocks(message)
        else:
            made.append({"role": role, "content": _blocks(message)})
    return made


def _blocks(message: Message) -> list[dict[str, Any]]:
    if message.role == "tool":
        return [{"type": "tool_result", "tool_use_id": message.answers, "content": message.text}]
    text = [{"type": "text", "text": message.text}] if message.text.strip() else []
    calls = [
        {"type": "tool_use", "id": call.call_id, "name": call.name, "input": _object(call.arguments)}
        for call in message.tool_calls
    ]
    return [*text, *calls]


def _object(arguments: str) -> dict[str, Any]:
    """The arguments as an object: what the model wrote as something else cannot be sent back as it was."""
    try:
        read = json.loads(arguments)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _tool(tool: ToolSpec) -> dict[str, Any]:
    return {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}


def _translated(error: Exception) -> LanguageModelError:
    """A vendor's error as one of ours; its text may quote the prompt, so it stays in the cause."""
    if isinstance(error, anthropic.APIStatusError):
        kind = (error.body.get("error") or {}).get("type") if isinstance(error.body, dict) else None
        if error.status_code in _ASKS_FOR_A_PAUSE or kind in _OVERLOADED_IN_STREAM:
            return ModelOverloaded("the provider asks for a pause", retry_after=seconds_of(error.response.headers))
        if error.status_code in _OURS and error.status_code not in {408, 409, 499}:
            return ModelMisconfigured(f"the provider answered {error.status_code}")
        return ModelUnavailable(f"the provider answered {error.status_code}")
    if isinstance(error, anthropic.APIConnectionError | anthropic.RetryableError | httpx2.HTTPError):
        return ModelUnavailable(type(error).__name__)
    return ModelAnswerBroken(f"the answer cannot be read ({type(error).__name__})")
