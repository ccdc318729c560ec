"""Words that sound like a journey and are asked of the last answer: "it says failed", "can I cancel?" after joining."""

import re

from actions.bootstrap import Services
from actions.questions import entry_behind, question_from, say_entry, say_suggestions
from actions.requests import Request
from actions.transcript import answered_before, question_before, told_last, told_lately
from actions.turn import Turn
from answering.follow_up import joined, leans
from answering.model import TOLD
from answering.quality.words import content_words
from contracts.questions import asks

_MAY_I = re.compile(r"(?i)^\W*(?:(?:and|so|but|ok|okay|then)\W+)*(?:can|could|may) (?:i|we)\b")


async def answers_what_went_before(turn: Turn, services: Services) -> bool:
    """Whether words that point back at the last answer are answered with it: "it says failed" begins nothing new."""
    before = question_before(turn)
    if not before or turn.active_form:
        return False
    if _asks_of_what_was_told(turn):
        return await _answers_together(turn, services, before)
    if not (turn.unsure and leans(turn.text)):
        return False
    request = Request(turn.text, turn.intent or "", before)
    question = await question_from(turn, services, request)
    answer = await services.ladder.answer(question)
    if answer.kind not in TOLD and asks(turn.text):
        answer = await services.ladder.sentence(question, told_lately(turn)) or answer
    if answer.kind in TOLD:
        say_entry(turn, answer)
    elif {entry_behind(suggestion) for suggestion in answer.suggestions} & told_last(turn):
        say_suggestions(turn, answer)  # the same subject: which of its entries is better asked than something begun
    else:
        return False
    return True


def _asks_of_what_was_told(turn: Turn) -> bool:
    """Whether a bare "can I cancel?" follows an answer: what it would cancel was spoken of there."""
    return answered_before(turn) and bool(_MAY_I.search(turn.text)) and len(content_words(turn.text)) <= 1


async def _answers_together(turn: Turn, services: Services, before: str) -> bool:
    """Whether the words and the question before make one with an answer of its own, which is told."""
    together = Request(joined(before, turn.text), turn.intent or "")
    answer = await services.ladder.answer(await question_from(turn, services, together))
    if answer.kind not in TOLD or {citation.entry_id for citation in answer.citations} <= told_last(turn):
        return False
    say_entry(turn, answer)
    return True
