"""The generated rung: written within the time, checked, mended once, or passed on."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

import structlog

from answering.generation.material import Collected
from answering.generation.metrics import GENERATED, REJECTED, SECONDS, SUSPECTED
from answering.generation.ports import Privacy
from answering.generation.writing import Said, Writing
from answering.guards.injection import suspicion_of
from answering.llm.errors import LanguageModelError
from answering.llm.ports import Completions
from answering.model import Answer, Generated, GeneratedOutcome, Question
from answering.prompts.library import PromptLibrary
from answering.quality.markers import without_markers
from answering.quality.ports import Draft, JudgeContext, QualityCheck, Reason, Verdict
from answering.tools.toolbox import Toolbox
from retrieval.model import Hit

logger = structlog.get_logger()

_SAID_BEFORE = 6  # of the customer's messages: what they said may be said back to them
_TOO_LONG = Verdict(passed=False, reasons=(Reason("length", "The answer was too long and broke off: write less."),))


class GroundedGenerator:
    """Implements ``Generator``. Whatever goes wrong, the ladder goes on; nothing unchecked is ever returned."""

    def __init__(
        self,
        completions: Completions,
        check: QualityCheck,
        prompts: PromptLibrary,
        privacy: Privacy,
        toolbox: Toolbox | None,
        *,
        seconds: float,
        history_tokens: int,
    ) -> None:
        """Answer within ``seconds``, all tries, tools and the repair included."""
        self._completions = completions
        self._check = check
        self._prompts = prompts
        self._privacy = privacy
        self._toolbox = toolbox
        self._seconds = seconds
        self._history_tokens = history_tokens

    async def generate(self, question: Question, hits: Sequence[Hit]) -> Answer | None:
        """See ``Generator.generate``. What reads like orders to a model is left to the rungs below."""
        suspicion = suspicion_of(question.text)
        if suspicion.suspicious:
            SUSPECTED.inc()
            logger.warning("generation.suspected", signs=suspicion.signs)
            return None
        question = _without_orders(question)
        deadline = asyncio.get_running_loop().time() + max(0.0, self._seconds - question.waited)
        writing = self._writing(question, hits, deadline)
        started = time.monotonic()
        answer: Answer | None = None
        outcome = "failed"
        try:
            async with asyncio.timeout_at(deadline):
                answer, outcome = await self._checked(writing)
        except TimeoutError:
            outcome = "out_of_time"
        except LanguageModelError as error:
            outcome = error.outcome
        except Exception:  # an answer by a model is never worth the customer's turn
            logger.exception("generation.failed")
        finally:
            SECONDS.observe(time.monotonic() - started)
            GENERATED.labels(writing.version.name, outcome).inc()
            logger.info("generation.ended", outcome=outcome, prompts=writing.version.name, sources=len(hits))
        return answer

    async def close(self) -> None:
        """Let go of the models and the check."""
        await self._completions.close()
        await self._check.close()

    def _writing(self, question: Question, hits: Sequence[Hit], deadline: float) -> Writing:
        masking = self._privacy.masking()
        return Writing(
            question, self._prompts.version_for(question.conversation_id), Collected(hits, masking), masking,
            self._completions, self._toolbox, self._history_tokens, deadline,
        )  # fmt: skip

    async def _checked(self, writing: Writing) -> tuple[Answer | None, str]:
        """The answer and the word for what came of it."""
        said = await writing.draft()
        repaired = False
        if said.finish != "refused" and said.reply.text:
            verdict = await self._judged(writing, said)
            if not verdict.passed:
                repaired = True
                said = await writing.mend(said.reply.text, [reason.detail for reason in verdict.reasons])
                if said.reply.text and not (await self._judged(writing, said)).passed:
                    return _offer(writing, said, repaired=True), "dropped"
        if said.finish == "refused":
            return None, "refused"
        answer = _answer(writing, said, repaired=repaired)
        return answer, answer.generated.outcome if answer.generated else "failed"

    async def _judged(self, writing: Writing, said: Said) -> Verdict:
        question = writing.question
        customers = [one.text for one in question.history if one.speaker == "customer"]
        context = JudgeContext(
            question.text,
            question.conversation_id,
            tuple(customers[-_SAID_BEFORE:]),
            question.locale,
            question.audience,
        )
        draft = Draft(said.reply.text, "question" if said.reply.kind == "question" else "answer")
        material = writing.collected.material
        verdict = _TOO_LONG if said.finish == "length" else await self._check.judge(draft, material, context)
        for reason in verdict.reasons:
            REJECTED.labels(reason.kind).inc()
        if not verdict.passed:
            logger.info("generation.rejected", reasons=[reason.kind for reason in verdict.reasons])
            logger.debug("generation.rejected_draft", text=said.reply.text)
        return verdict


def _without_orders(question: Question) -> Question:
    """Without what the customer said before that reads like orders: it reaches no model with the next question, too."""
    calm = [one for one in question.history if one.speaker != "customer" or not suspicion_of(one.text).suspicious]
    leans = question.refers_to is not None and not suspicion_of(question.refers_to).suspicious
    return replace(question, history=tuple(calm), refers_to=question.refers_to if leans else None)


def _answer(writing: Writing, said: Said, *, repaired: bool) -> Answer:
    """What passed, as the ladder tells it."""
    if said.ending and said.ending.kind == "finished":
        return Answer("generated", generated=_record(writing, said, "finished", repaired=repaired))
    if said.reply.kind == "answer" and said.reply.text:
        text = writing.masking.restore(without_markers(said.reply.text))
        cited = writing.collected.citations_in(said.reply.text)
        return Answer("generated", text, cited, generated=_record(writing, said, "answered", repaired=repaired))
    if said.reply.kind == "question":
        text = writing.masking.restore(said.reply.text)
        return Answer("generated", text, generated=_record(writing, said, "asked_back", repaired=repaired))
    if offered := _offer(writing, said, repaired=repaired):
        return offered
    return Answer("none", generated=_record(writing, said, "handed_over", repaired=repaired))


def _offer(writing: Writing, said: Said, *, repaired: bool) -> Answer | None:
    """What tools have put up, where no text goes with it; a person alone is offered by the ladder's last rung."""
    if any(proposal.kind != "hand_over" for proposal in writing.proposals):
        return Answer("generated", generated=_record(writing, said, "offered", repaired=repaired))
    return None


def _record(writing: Writing, said: Said, outcome: GeneratedOutcome, *, repaired: bool) -> Generated:
    return Generated(
        prompt=writing.version.name, model=said.model, outcome=outcome, proposals=tuple(writing.proposals),
        ending=said.ending, repaired=repaired,
    )  # fmt: skip
