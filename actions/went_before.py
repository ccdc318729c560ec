"""Words that sound like a journey and are asked of the last answer: "it says failed", "can I cancel?" after joining."""

import re

from actions.bootstrap import Services
from actions.questions import entry_behind, question_from, say_entry, say_suggestions
from actions.requests import Request
from actions.transcript import question_before, told_last, told_lately
from actions.turn import Turn
from answering.follow_up import joined, leans
from answering.model import TOLD
from answering.quality.words import content_words
from contracts.questions import asks

_MAY_I = re.compile(r"(?i)^\W*(?:(?:and|so|but|ok|okay|then)\W+)*(?:can|could|may) (?:i|we)\b")


async def answers_what_went_before(turn: Turn, services: Services) -> bool:
    """Whether words that point back at the last answer are answered with it: "it says failed" begins nothing new."""
    if turn.active_form:
        return False
    if _may_i(turn.text) and (told := told_lately(turn)):
        return await _answers_together(turn, services, told)
    before = question_before(turn)
    if not (before and turn.unsure and leans(turn.text)):
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


def _may_i(text: str) -> bool:
    """Whether a bare "can I cancel?" is asked: what it would cancel was spoken of before."""
    return bool(_MAY_I.search(text)) and len(content_words(text)) <= 1


async def _answers_together(turn: Turn, services: Services, told: list[str]) -> bool:
    """Whether the words and the title of what was told last have an answer together, which is not that; then told."""
    about = await services.ladder.entry(told[0])
    if about is None:
        return False
    together = Request(joined(about.citations[0].title, turn.text), turn.intent or "")
    answer = await services.ladder.answer(await question_from(turn, services, together))
    if answer.kind not in TOLD or answer.entry_ids <= set(told):
        return False
    say_entry(turn, answer)
    return True
