"""What one side of a conversation wrote, in the other side's language."""

import asyncio
import re
from collections import Counter
from importlib.resources import files
from string import Template

from answering.errors import TranslationFailed
from answering.generation.ports import Privacy
from answering.llm.model import Message, Prompt
from answering.llm.ports import Completions
from answering.prompts.library import harmless
from answering.quality.language import language_of
from retrieval.model import language_of as base_of

_FIGURES = re.compile(r"\d+")
_PLACEHOLDER = re.compile(r"\[[\w-]+ [A-Z]{1,2}\]")
_LEAST_TOKENS = 200


class Translator:
    """Asks a language model, and shows nothing that lost or changed a figure or is in another language."""

    def __init__(self, completions: Completions, privacy: Privacy, *, seconds: float) -> None:
        """Translate within ``seconds``, all tries included."""
        self._completions, self._privacy, self._seconds = completions, privacy, seconds
        self._system = Template(files("answering.prompts").joinpath("translation.md").read_text("utf-8").strip())

    async def translate(self, text: str, to: str, *, conversation_id: str) -> str:
        """``text`` in the language ``to`` (a BCP 47 tag); the conversation's budget pays. Personal data stays here.

        Raises:
            LanguageModelError: no model answered, or it is not paid for.
            TranslationFailed: it answered something else.
        """
        masking = self._privacy.masking()
        hidden = harmless(masking.hide(text))
        prompt = Prompt(
            self._system.substitute(language=to),
            (Message("user", f"<text>\n{hidden}\n</text>"),),
            max_tokens=_LEAST_TOKENS + len(hidden),  # a character is a token in the scripts that take the most
        )
        deadline = asyncio.get_running_loop().time() + self._seconds
        answer = await self._completions.complete(prompt, conversation_id=conversation_id, deadline=deadline)
        translated = answer.text.strip().removeprefix("<text>").removesuffix("</text>").strip()
        if answer.finish != "stop" or not translated:
            raise TranslationFailed(answer.finish)
        if _kept(hidden) != _kept(translated):
            raise TranslationFailed("a figure or a name was lost")
        if language_of(translated) not in (None, base_of(to)):
            raise TranslationFailed("it is in another language")
        return masking.restore(translated)

    async def close(self) -> None:
        """Let go of the models."""
        await self._completions.close()


def _kept(text: str) -> tuple[Counter[str], Counter[str]]:
    """What a translation must not change: figures, whatever separates their digits, and what stands for people."""
    return Counter(_FIGURES.findall(text)), Counter(_PLACEHOLDER.findall(text))
