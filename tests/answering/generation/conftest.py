"""The generated rung over a scripted model, the demo company in memory and the least check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from answering.generation.generator import GroundedGenerator
from answering.llm.adapters.scripted import Line, ScriptedModel
from answering.llm.budget import unlimited
from answering.llm.calls import FallbackModel, GuardedModel
from answering.llm.model import Prompt
from answering.model import Answer, Question
from answering.prompts.library import PromptLibrary
from answering.quality.strict import StrictCheck
from answering.tools.bootstrap import build_toolbox
from backoffice.bootstrap import Backoffice, build_memory_backoffice
from privacy.masking import Maskings
from privacy.personal_data import PersonalData
from retrieval.model import Hit
from tests.answering.conftest import NOON, ScriptedIndex, hit

WARRANTY = hit(
    "warranty-length", 0.5, title="How long is the warranty?", answer="The warranty is 3 years, 2 on batteries."
)
RETURNS = hit("returns-window", 0.4, title="How long may I return?", answer="You may return goods within 30 days.")


@dataclass
class Rung:
    """The rung, and what its model was given."""

    generator: GroundedGenerator
    model: ScriptedModel
    index: ScriptedIndex
    backoffice: Backoffice

    async def ask(
        self, text: str = "what about the warranty?", *, hits: tuple[Hit, ...] = (WARRANTY, RETURNS), **more: object
    ) -> Answer | None:
        question = Question(text, **{"conversation_id": "c-1", "message_id": "m-1", **more})  # type: ignore[arg-type]
        return await self.generator.generate(question, hits)

    @property
    def last_prompt(self) -> Prompt:
        return self.model.prompts[-1]

    def verify(self, conversation_id: str = "c-1") -> None:
        """Prove that the conversation is with Aoife Brennan."""
        checked = self.backoffice.access.verify(
            conversation_id, order_number="10046", email="aoife.brennan@example.com", message_id="m-0"
        )
        assert checked.verified


Make = Callable[..., Rung]


@pytest.fixture
def backoffice() -> Iterator[Backoffice]:
    made = build_memory_backoffice(now=lambda: NOON)
    yield made
    made.close()


@pytest.fixture
def rung(index: ScriptedIndex, backoffice: Backoffice) -> Make:
    """A rung whose model says these lines."""

    def make(*lines: Line, respond: Callable[[Prompt], Line] | None = None, seconds: float = 5.0) -> Rung:
        model = ScriptedModel(*lines, respond=respond)
        guarded = GuardedModel(model, unlimited(), concurrency=2, first_word_seconds=seconds)
        generator = GroundedGenerator(
            FallbackModel([guarded]), StrictCheck(), PromptLibrary({"1": 1}), Maskings(PersonalData()),
            build_toolbox(index, backoffice, now=lambda: NOON), seconds=seconds, history_tokens=300,
        )  # fmt: skip
        return Rung(generator, model, index, backoffice)

    return make
