"""The two wire protocols: how a reply is written as server-sent events."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from tests.llm_server.script import Declines, Fails, Reply, Says, Wants

_PIECE = 7  # characters: words come in parts, as they do


def pieces(text: str) -> list[str]:
    return [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]


class OpenAi:
    """``POST /v1/chat/completions`` with ``stream``."""

    @staticmethod
    def events(reply: Reply) -> Iterator[str]:
        if isinstance(reply, Fails):
            yield from OpenAi._faulty(reply)
            return
        if isinstance(reply, Says):
            yield from (OpenAi._chunk({"content": piece}) for piece in pieces(reply.text))
            yield OpenAi._chunk({}, "stop")
            yield OpenAi._usage(reply)
        elif isinstance(reply, Wants):
            yield from OpenAi._tool_calls(reply)
            yield OpenAi._chunk({}, "tool_calls")
            yield OpenAi._usage(reply)
        elif isinstance(reply, Declines):
            if reply.by == "model":
                yield OpenAi._chunk({"refusal": "I can't help with that."})
            yield OpenAi._chunk({}, "stop" if reply.by == "model" else "content_filter")
        yield "data: [DONE]\n\n"

    @staticmethod
    def _faulty(reply: Fails) -> Iterator[str]:
        if reply.fault in {"cut", "no_end"}:
            yield OpenAi._chunk({"content": "You can return it within thir"})
        elif reply.fault == "empty":
            yield "data: " + json.dumps(OpenAi._body([])) + "\n\n"
            yield OpenAi._chunk({"content": ""}, "stop")
            yield "data: [DONE]\n\n"

    @staticmethod
    def _tool_calls(reply: Wants) -> Iterator[str]:
        for index, (name, arguments) in enumerate(reply.calls):
            head = {
                "index": index,
                "id": f"call_{index}",
                "type": "function",
                "function": {"name": name, "arguments": ""},
            }
            yield OpenAi._chunk({"tool_calls": [head]})
            for piece in pieces(arguments):
                yield OpenAi._chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})

    @staticmethod
    def _chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return "data: " + json.dumps(OpenAi._body([choice])) + "\n\n"

    @staticmethod
    def _usage(reply: Says | Wants) -> str:
        usage = {"prompt_tokens": reply.prompt_tokens, "completion_tokens": reply.completion_tokens,
                 "total_tokens": reply.prompt_tokens + reply.completion_tokens}  # fmt: skip
        return "data: " + json.dumps(OpenAi._body([]) | {"usage": usage}) + "\n\n"

    @staticmethod
    def _body(choices: list[Any]) -> dict[str, Any]:
        return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": choices}


class Anthropic:
    """``POST /v1/messages`` with ``stream``."""

    @staticmethod
    def events(reply: Reply) -> Iterator[str]:
        prompt_tokens = reply.prompt_tokens if isinstance(reply, Says | Wants) else 10
        message: dict[str, Any] = {
            "id": "m1", "type": "message", "role": "assistant", "content": [], "model": "scripted", "stop_reason": None,
            "stop_sequence": None, "usage": {"input_tokens": prompt_tokens, "output_tokens": 1},
        }  # fmt: skip
        yield Anthropic._event("message_start", message=message)
        if isinstance(reply, Says):
            yield from Anthropic._text(reply.text)
            yield from Anthropic._end("end_turn", reply.completion_tokens)
        elif isinstance(reply, Wants):
            for index, (name, arguments) in enumerate(reply.calls):
                yield from Anthropic._tool_call(index, name, arguments)
            yield from Anthropic._end("tool_use", reply.completion_tokens)
        elif isinstance(reply, Declines):
            yield from Anthropic._end("refusal", 1)
        elif reply.fault in {"cut", "no_end"}:
            yield from list(Anthropic._text("You can return it within thir"))[:-1]
        elif reply.fault == "empty":
            yield from Anthropic._end("end_turn", 1)

    @staticmethod
    def _text(text: str) -> Iterator[str]:
        yield Anthropic._event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        for piece in pieces(text):
            yield Anthropic._event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
        yield Anthropic._event("content_block_stop", index=0)

    @staticmethod
    def _tool_call(index: int, name: str, arguments: str) -> Iterator[str]:
        block = {"type": "tool_use", "id": f"toolu_{index}", "name": name, "input": {}}
        yield Anthropic._event("content_block_start", index=index, content_block=block)
        for piece in pieces(arguments):
            delta = {"type": "input_json_delta", "partial_json": piece}
            yield Anthropic._event("content_block_delta", index=index, delta=delta)
        yield Anthropic._event("content_block_stop", index=index)

    @staticmethod
    def _end(reason: str, tokens: int) -> Iterator[str]:
        delta = {"stop_reason": reason, "stop_sequence": None}
        yield Anthropic._event("message_delta", delta=delta, usage={"output_tokens": tokens})
        yield Anthropic._event("message_stop")

    @staticmethod
    def _event(kind: str, **fields: Any) -> str:
        return f"event: {kind}\ndata: {json.dumps({'type': kind} | fields)}\n\n"


class CutOff(Exception):
    """Ends the connection in the middle of an answer."""


async def stream(lines: Iterator[str], reply: Reply) -> AsyncIterator[str]:
    """The events one after the other, broken off where the reply says so."""
    for line in lines:
        yield line
    if isinstance(reply, Fails) and reply.fault == "cut":
        raise CutOff
