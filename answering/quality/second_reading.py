"""A language model reads a draft once more beside its sources: it can only object, never let something through."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files

from answering.llm.errors import ModelAnswerBroken
from answering.llm.model import Message, Prompt
from answering.llm.ports import Completions
from answering.prompts.library import harmless
from answering.quality.ports import Source

_TOKENS_A_LINE = 12
_LINE = re.compile(r"^\W*(?:sentence\W+)?(\d+)\W+(?:(yes)\W*$|no\b)", re.IGNORECASE)
"""A "no" may go on to say why; a "yes" that goes on is none."""


class ModelReader:
    """Implements ``SecondReader``. Sources and sentences arrive masked, as the writing model saw them."""

    def __init__(self, completions: Completions, *, seconds: float) -> None:
        """Read within ``seconds``, all tries included."""
        self._completions, self._seconds = completions, seconds
        self._system = files("answering.prompts").joinpath("second_reading.md").read_text("utf-8").strip()

    async def unsupported(
        self, sentences: Sequence[str], cited: Sequence[Source], *, conversation_id: str
    ) -> list[int]:
        """See ``SecondReader.unsupported``."""
        material = "\n".join(f"<source>\n{harmless(one.title)}\n{harmless(one.text)}\n</source>" for one in cited)
        listed = "\n".join(f"{number}. {harmless(text)}" for number, text in enumerate(sentences, start=1))
        prompt = Prompt(
            self._system,
            (Message("user", f"{material}\n<sentences>\n{listed}\n</sentences>"),),
            max_tokens=_TOKENS_A_LINE * (len(sentences) + 1),
        )
        deadline = asyncio.get_running_loop().time() + self._seconds
        answer = await self._completions.complete(prompt, conversation_id=conversation_id, deadline=deadline)
        verdicts = _verdicts(answer.text)
        if answer.finish != "stop" or set(verdicts) != set(range(1, len(sentences) + 1)):
            raise ModelAnswerBroken("the second reading did not judge every sentence")
        return [number - 1 for number, held in verdicts.items() if not held]

    async def close(self) -> None:
        """Let go of the model."""
        await self._completions.close()


def _verdicts(text: str) -> Mapping[int, bool]:
    """Each numbered sentence's "yes" or "no"; one that is given both is "no"."""
    found: dict[int, bool] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        if match := _LINE.match(line):
            number = int(match[1])
            found[number] = found.get(number, True) and match[2] is not None
    return found
