"""The few lines a colleague reads first, by a language model where one is configured and does it well in time."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from answering.generation.metrics import SUMMARIES, SUMMARY_SECONDS
from answering.generation.ports import Masking, Privacy
from answering.guards.injection import suspicion_of
from answering.llm.errors import LanguageModelError
from answering.llm.model import Completion, Message, Prompt
from answering.llm.ports import Completions
from answering.model import Exchange
from answering.prompts.library import harmless
from answering.quality.quantities import strange_in
from answering.quality.strict import strange_links

logger = structlog.get_logger()

_FEWEST_MESSAGES = 2  # of the customer: a single one is quoted whole by the template
_LONGEST_MESSAGE = 800  # characters
_CHARACTERS_A_TOKEN = 4
_MOST_TOKENS = 220
_MOST_WORDS = 130
_HEADS = ("problem:", "done:", "state:", "open:", "mood:")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a model wrote, and which one. Personal data is masked as ``[e-mail A]``."""

    text: str
    model: str


class Summaries(Protocol):
    """Sums a conversation up for the colleague who takes it over."""

    async def of(self, conversation_id: str, history: Sequence[Exchange]) -> Summary | None:
        """The summary, or None where a template must do. Never raises, and never takes longer than its limit."""
        ...

    async def close(self) -> None:
        """Let go of the models."""
        ...


class ModelSummaries:
    """Implements ``Summaries``: masked, within ``seconds``, and checked against the conversation."""

    def __init__(
        self, completions: Completions, privacy: Privacy, instructions: str, *, seconds: float, tokens: int
    ) -> None:
        """Give the model at most ``tokens`` of the conversation, the latest of it."""
        self._completions = completions
        self._privacy = privacy
        self._instructions = instructions
        self._seconds = seconds
        self._room = tokens * _CHARACTERS_A_TOKEN

    async def of(self, conversation_id: str, history: Sequence[Exchange]) -> Summary | None:
        """See ``Summaries.of``. A conversation in which somebody gives orders to a model is not shown to one."""
        said = [one.text for one in history if one.speaker == "customer"]
        if len(said) < _FEWEST_MESSAGES:
            return None
        outcome, started = "failed", time.monotonic()
        summary: Summary | None = None
        try:
            if any(suspicion_of(text).suspicious for text in said):
                outcome = "suspected"
            else:
                summary, outcome = await self._written(conversation_id, history)
        except TimeoutError:
            outcome = "out_of_time"
        except LanguageModelError as error:
            outcome = error.outcome
        except Exception:  # no summary is worth a handoff
            logger.exception("handoff_summary.failed")
        SUMMARIES.labels(outcome).inc()
        SUMMARY_SECONDS.observe(time.monotonic() - started)
        logger.info("handoff_summary.ended", outcome=outcome)
        return summary

    async def close(self) -> None:
        """See ``Summaries.close``."""
        await self._completions.close()

    async def _written(self, conversation_id: str, history: Sequence[Exchange]) -> tuple[Summary | None, str]:
        masking = self._privacy.masking()
        told = self._told(history, masking)
        prompt = Prompt(
            self._instructions,
            (Message("user", f"<conversation>\n{told}\n</conversation>\nThe summary:"),),
            max_tokens=_MOST_TOKENS,
        )
        deadline = asyncio.get_running_loop().time() + self._seconds
        async with asyncio.timeout_at(deadline):
            answer = await self._completions.complete(prompt, conversation_id=conversation_id, deadline=deadline)
        if answer.finish == "refused":
            return None, "refused"
        text = masking.hide(_lines(answer.text))
        if wrong := self._wrong(answer, text, told):
            logger.warning("handoff_summary.rejected", reason=wrong)
            return None, "dropped"
        return Summary(text, answer.model), "written"

    def _told(self, history: Sequence[Exchange], masking: Masking) -> str:
        """The latest of the conversation that there is room for, a line a message."""
        lines: list[str] = []
        left = self._room
        for one in reversed(history):
            text = " ".join(one.text.split())[:_LONGEST_MESSAGE]
            line = f"{one.speaker}: {harmless(masking.hide(text))}"
            if len(line) > left:
                break
            left -= len(line)
            lines.append(line)
        return "\n".join(reversed(lines))

    @staticmethod
    def _wrong(answer: Completion, text: str, told: str) -> str | None:
        """What makes a summary unfit: a colleague must be able to believe it."""
        if answer.finish != "stop" or not text:
            return "empty or broken off"
        if len(text.split()) > _MOST_WORDS:
            return "too long"
        if strange_in(text, told):
            return "a number that nobody said"
        return "an address that nobody said" if strange_links(text, told) else None


def _lines(text: str) -> str:
    """The lines that the instructions allow; anything before, between or after them is talk."""
    kept = (line.strip().lstrip("-*# ").replace("**", "") for line in text.splitlines())
    return "\n".join(line for line in kept if line.casefold().startswith(_HEADS))
