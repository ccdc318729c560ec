"""OpenAI's models, and any server that speaks its chat completions (Ollama, vLLM, llama.cpp), by OpenAI's client."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import openai

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
    "stop": "stop", "tool_calls": "tool_calls", "length": "length", "content_filter": "refused",
}  # fmt: skip
_TOO_MANY = 429
_OURS = range(400, 500)


class OpenAiModel:
    """Implements ``LanguageModel``; every call is one try, trying again is the caller's."""

    def __init__(
        self, *, model: str, api_key: str, base_url: str | None, seconds: float, temperature: float | None
    ) -> None:
        """Talk to ``model`` at ``base_url``, or at OpenAI when there is none."""
        self._model = model
        self._temperature = temperature
        # OpenAI's newer models take only the new name of the limit, other servers often only the old one.
        self._limit = "max_tokens" if base_url else "max_completion_tokens"
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none", base_url=base_url or None, timeout=seconds, max_retries=0
        )

    @property
    def name(self) -> str:
        return f"openai/{self._model}"

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """See ``LanguageModel.stream``."""
        try:
            async with await self._client.chat.completions.create(**self._body(prompt)) as chunks:
                async for event in _events(chunks):
                    yield event
        except (openai.APIError, httpx2.HTTPError, ValueError) as error:
            raise _translated(error) from error

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": "system", "content": prompt.system}, *map(_message, prompt.messages)],
            "stream": True,
            "stream_options": {"include_usage": True},
            self._limit: prompt.max_tokens,
        }
        if prompt.tools:
            body["tools"] = [_tool(tool) for tool in prompt.tools]
        if self._temperature is not None:
            body["temperature"] = self._temperature
        return body


async def _events(chunks: AsyncIterator[Any]) -> AsyncIterator[Event]:
    """The chunks as events.

    Raises:
        ModelAnswerBroken: they end without having said why, or hold nothing.
    """
    calls: dict[int, dict[str, str]] = {}
    finish: str | None = None
    usage: Usage | None = None
    refused = wrote = False
    async for chunk in chunks:
        if chunk.usage:
            usage = Usage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0)
        for choice in (chunk.choices or [])[:1]:
            finish = choice.finish_reason or finish
            delta = choice.delta
            refused = refused or bool(delta and getattr(delta, "refusal", None))
            if delta and delta.content:
                wrote = True
                yield TextDelta(delta.content)
            for piece in (delta.tool_calls or []) if delta else []:
                _collect(calls, piece)
    if finish is None:
        raise ModelAnswerBroken("the answer ended in the middle")
    if not (wrote or calls or refused or finish == "content_filter"):
        raise ModelAnswerBroken("the answer is empty")
    for number in sorted(calls):
        yield ToolCall(calls[number]["id"] or f"call_{number}", calls[number]["name"], calls[number]["arguments"])
    yield Finished("refused" if refused else _FINISHED.get(finish, "stop"), usage)


def _collect(calls: dict[int, dict[str, str]], piece: Any) -> None:
    call = calls.setdefault(piece.index or 0, {"id": "", "name": "", "arguments": ""})
    call["id"] = piece.id or call["id"]
    if piece.function:
        call["name"] += piece.function.name or ""
        call["arguments"] += piece.function.arguments or ""


def _message(message: Message) -> dict[str, Any]:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.answers, "content": message.text}
    made: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.tool_calls:
        made["tool_calls"] = [
            {"id": call.call_id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    return made


def _tool(tool: ToolSpec) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters, "strict": True}
    return {"type": "function", "function": function}


def _translated(error: Exception) -> LanguageModelError:
    """A vendor's error as one of ours; its text may quote the prompt, so it stays in the cause."""
    if isinstance(error, openai.APIStatusError):
        if error.status_code == _TOO_MANY:
            return ModelOverloaded("the provider asks for a pause", retry_after=seconds_of(error.response.headers))
        if error.status_code in _OURS and error.status_code not in {408, 409}:
            return ModelMisconfigured(f"the provider answered {error.status_code}")
        return ModelUnavailable(f"the provider answered {error.status_code}")
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError):
        return ModelUnavailable(type(error).__name__)
    return ModelAnswerBroken(f"the answer cannot be read ({type(error).__name__})")
