"""One answer being written: the model speaks, tools answer, until there is a text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from answering.generation.material import Collected
from answering.generation.memory import remembered
from answering.generation.ports import Masking
from answering.generation.reply import Reply, reply_of
from answering.llm.model import Completion, Message, Prompt, ToolCall
from answering.llm.ports import Completions
from answering.model import Ending, Proposal, Question
from answering.prompts.library import PromptVersion, harmless
from answering.tools.model import Caller
from answering.tools.toolbox import Toolbox

MOST_TOOL_CALLS = 5
_NO_MORE = "No more tool calls in this turn. Answer from what you have."


@dataclass(frozen=True, slots=True)
class Said:
    """Where the writing came to. ``refused`` is the model's or its provider's no."""

    reply: Reply
    finish: str
    model: str
    ending: Ending | None = None


@dataclass
class Writing:
    """One question on its way through a model; keeps the exchange, so that a draft can be sent back once."""

    question: Question
    version: PromptVersion
    collected: Collected
    masking: Masking
    completions: Completions
    toolbox: Toolbox | None
    history_tokens: int
    deadline: float
    proposals: list[Proposal] = field(default_factory=list)
    _messages: list[Message] = field(default_factory=list)
    _calls: int = 0
    _ending: Ending | None = None

    async def draft(self) -> Said:
        """The first draft.

        Raises:
            LanguageModelError: no model answered.
        """
        summary, turns = remembered(self.question.history, tokens=self.history_tokens)
        hidden = [Message(turn.role, self.masking.hide(turn.text)) for turn in turns]
        earlier = f"Earlier in this conversation:\n{harmless(self.masking.hide(summary))}\n\n" if summary else ""
        asked = self.version.question.substitute(
            sources=self.collected.fenced(), question=harmless(self.masking.hide(self._asked()))
        )
        self._messages = [*self.version.examples, *hidden, Message("user", earlier + asked)]
        return await self._until_it_speaks()

    async def mend(self, draft: str, reasons: Sequence[str]) -> Said:
        """A second draft, with what was wrong with the first.

        Raises:
            LanguageModelError: no model answered.
        """
        wrong = "\n".join(f"- {reason}" for reason in reasons)
        again = (
            f"Your reply was not shown to the customer:\n{wrong}\n"
            "Write it once more without that, by the same rules; leave out what the sources do not say. "
            "Write UNKNOWN if nothing is left."
        )
        self._messages += [Message("assistant", draft), Message("user", again)]
        self._calls = MOST_TOOL_CALLS
        return await self._until_it_speaks()

    def _asked(self) -> str:
        if self.question.refers_to is None:
            return self.question.text
        return f"{self.question.refers_to}\n{self.question.text}"

    async def _until_it_speaks(self) -> Said:
        while True:
            answer = await self._complete()
            if answer.finish == "refused" or not answer.tool_calls:
                return Said(reply_of(answer.text), answer.finish, answer.model, self._ending)
            self._messages.append(Message("assistant", answer.text, answer.tool_calls))
            for call in answer.tool_calls:
                self._messages.append(Message("tool", await self._called(call), answers=call.call_id))
            if self._ending:
                return Said(Reply("unknown"), answer.finish, answer.model, self._ending)

    async def _complete(self) -> Completion:
        """One call of a model; without tools once all calls are spent, so that it must speak."""
        offered = self.toolbox.specs if self.toolbox and self.version.tools and self._calls < MOST_TOOL_CALLS else ()
        prompt = Prompt(self.version.system, tuple(self._messages), tuple(offered), self.version.max_tokens)
        answer = await self.completions.complete(
            prompt, conversation_id=self.question.conversation_id, deadline=self.deadline
        )
        if answer.tool_calls and not offered:
            return Completion(answer.text or "UNKNOWN", (), answer.finish, answer.usage, answer.model)
        return answer

    async def _called(self, call: ToolCall) -> str:
        if self._calls >= MOST_TOOL_CALLS or self.toolbox is None:
            return _NO_MORE
        self._calls += 1
        restored = ToolCall(call.call_id, call.name, self.masking.restore(call.arguments))
        results = await self.toolbox.call(restored, self._caller())
        for result in results:
            self.proposals += [one for one in result.proposals if one not in self.proposals]
            self._ending = result.ending or self._ending
        return self.collected.add(call.name, results)

    def _caller(self) -> Caller:
        asked = self.question
        return Caller(asked.conversation_id, asked.message_id, asked.audience, asked.locale)
