"""What a model is told of the conversation before: the last turns as they were, older ones in a few lines."""

from collections.abc import Sequence

from answering.llm.model import Message
from answering.model import Exchange

_VERBATIM = 6  # messages
_LONGEST_MESSAGE = 1200  # characters; whoever pastes a page has said the most of it by then
_LONGEST_QUOTE = 160
_MOST_QUOTED = 3
_CHARACTERS_A_TOKEN = 4
_SUMMARY_SHARE = 3  # a third of the room, at most


def remembered(history: Sequence[Exchange], *, tokens: int) -> tuple[str, tuple[Message, ...]]:
    """A summary of what is older (empty when nothing is), and the last turns as messages.

    Both together stay within ``tokens``, whatever was pasted; the latest message is the last to be dropped.
    """
    room = tokens * _CHARACTERS_A_TOKEN
    recent, older = list(history[-_VERBATIM:]), list(history[:-_VERBATIM])
    summary = summarise(older)[: room // _SUMMARY_SHARE]
    left = room - len(summary)
    kept: list[Message] = []
    for one in reversed(recent):
        text = _cut(one.text, min(_LONGEST_MESSAGE, left))
        if not text:
            break
        left -= len(text)
        kept.append(Message("user" if one.speaker == "customer" else "assistant", text))
    kept.reverse()
    while kept and kept[0].role == "assistant":  # a conversation begins with the customer
        kept.pop(0)
    return summary, tuple(kept)


def summarise(history: Sequence[Exchange]) -> str:
    """Problem, what was done, and what is open, by a template: no model is needed, and nothing is invented."""
    asked = [one for one in history if one.speaker == "customer" and one.text.strip()]
    if not asked:
        return ""
    lines = [f'First asked: "{_cut(asked[0].text, _LONGEST_QUOTE)}"']
    if more := asked[1:][-_MOST_QUOTED:]:
        lines.append("Then: " + "; ".join(f'"{_cut(one.text, _LONGEST_QUOTE)}"' for one in more))
    done = list(dict.fromkeys(one.about for one in history if one.speaker != "customer" and one.about))
    if done:
        lines.append("Done so far: " + "; ".join(done[-_MOST_QUOTED:]))
    if any(one.speaker == "agent" for one in history):
        lines.append("A colleague has written in this conversation.")
    if history[-1].speaker == "customer":
        lines.append("The last of these was not answered yet.")
    return "\n".join(lines)


def _cut(text: str, longest: int) -> str:
    text = " ".join(text.split()) if len(text) > longest else text.strip()
    return text if len(text) <= longest else text[: max(0, longest - 1)].rstrip() + "…" * (longest > 0)
