"""Questions that the company's knowledge answers."""

import asyncio
import json
import re
import textwrap
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.another_matter import is_another_matter
from actions.bootstrap import Services
from actions.codes import speaks_of_a_code
from actions.escalation import reason_after_failure, topic_of
from actions.gaps import note_gap
from actions.generated import record_of_generated, say_generated
from actions.handoff.handing_over import hand_over
from actions.journey.tone import CalmAction
from actions.metrics import ANSWERS
from actions.requests import Request, more_is_asked, requests_in
from actions.several_questions import about_product, questions_in
from actions.subject import Subject, about_another, articles_in, subject_before, without_articles
from actions.tables import tables_as_lists
from actions.transcript import history_of, question_before, told_in_this_turn, told_lately
from actions.turn import PERSON_BUTTON, DeskAction, Turn
from answering.cache import ASK_ENTRY
from answering.follow_up import LEANS_AT_MOST, is_follow_up, joined, says_nothing_alone, speaks_of
from answering.model import TOLD, Answer, Citation, Question, Suggestion
from backoffice.parsing import order_numbers_in
from contracts.escalation import words

NONE_OF_THESE = {"title": "None of these", "payload": "/not_helpful"}
NOT_THAT = {"title": "No, something else", "payload": "/not_helpful"}

_NO_WORDS = re.compile(r"[^\w\s'’,€$£%-]|_")
_LONGEST_QUOTE = 60
_HOW = re.compile(r"(?i)^\W*(?:(?:and|so|but|ok|okay)\W+)*(?:how (?:long|much|many|soon|often)|when|where|what)\b")
_YES = re.compile(r"^Yes[,.:]\s+(\w)")
"""An entry that says yes to its own question: nobody who asks how long asked whether."""

_GOING_ON = re.compile(r"(?i)[\s,;]+(?:and|also|besides|plus|oh|by the way|btw)\W*$")
"""What led on to the next part of a message."""
_TOPICS = {
    "cancel_order_form": "I cancel an order. When do I get my money after cancelling?",
    "return_item_form": "When do I get my money after a return?",
}
_HOW_LONG = re.compile(r"(?i)\bhow (?:long|soon|fast|quick(?:ly)?)\b|\bwhen\b")
_TIMES = {
    "cancel_order_form": "When do I get my money after cancelling?",
    "return_item_form": "How long does a refund take?",
    "refund_status_form": "How long does a refund take?",
    "claim_form": "How fast do I get a replacement for a damaged item?",
}
_SAME_FOR_ALL = "ask_warranty"
_MONEY = re.compile(r"(?i)\b(?:refund\w*|money|paid back|get it back)\b")
_NAMES_A_TOPIC = re.compile(r"(?i)\b(?:cancel\w*|return\w*|send\w* back|damage\w*|lost)\b")
_ALSO_OF_ONE_ORDER = frozenset({"ask_delivery", "ask_return_policy"})
_MOST_OFFERED = 3
_FRAGMENT = 2  # words: "parcel to England. Days? Price?" is one question


async def question_from(turn: Turn, services: Services, part: Request | None = None) -> Question:
    """The turn, or a part of it, as the answer ladder takes it; a verified customer may be told more."""
    customer = await asyncio.to_thread(services.backoffice.access.verified_customer, turn.conversation_id)
    text, refers_to = _words_of(turn, part)
    return Question(
        text=text,
        conversation_id=turn.conversation_id,
        message_id=turn.message_id,
        intent=part.intent if part else turn.intent,
        intent_confidence=turn.intent_confidence,
        nlu_status=turn.nlu_status,
        audience=frozenset({"public", "customer"}) if customer else frozenset({"public"}),
        refers_to=refers_to,
        history=history_of(turn),
        waited=turn.waited,
    )


def _words_of(turn: Turn, part: Request | None) -> tuple[str, str | None]:
    """What is asked, and what it leans on. A part that names nothing itself is one question with its neighbour."""
    if part is None or not part.leans_on:
        text = part.text if part else turn.text
        if topic := topic_of_journey(turn, text):
            return joined(topic, text), None
        return text, question_before(turn) if is_follow_up(turn.text) else None
    if says_nothing_alone(part.text):
        return joined(part.leans_on, part.text), None
    return part.text, part.leans_on


def topic_of_journey(turn: Turn, text: str) -> str | None:
    """What the open journey makes of a question about money, or of "how long does it take".

    A cancelled order's refund follows no return's rule.
    """
    time = _TIMES.get(turn.active_form or "")
    if time and _HOW_LONG.search(text) and says_nothing_alone(_HOW_LONG.sub(" ", text)):
        return time
    topic = _TOPICS.get(turn.active_form or "")
    return topic if topic and _MONEY.search(text) and not _NAMES_A_TOPIC.search(text) else None


async def answer_in_context(turn: Turn, services: Services, part: Request | None = None) -> Answer:
    """The ladder's answer; where there is none, or the one told before, the sentence of that which answers."""
    question = await question_from(turn, services, part)
    answer = await _of_its_subject(turn, services, question)
    told = told_lately(turn)
    again = answer.kind in TOLD and answer.entry_ids <= set(told)
    if not told or answer.kind == "generated" or (answer.kind in TOLD and not again):
        return answer
    nearest = await services.ladder.sentence(question, told)
    if nearest and again:
        return replace(answer, text=nearest.text)  # the search is sure of the entry, which was told a moment ago
    return nearest or _without(answer, told)


def _without(answer: Answer, told: list[str]) -> Answer:
    """Nearest entries without those that the customer has just read."""
    if answer.kind != "did_you_mean":
        return answer
    others = tuple(one for one in answer.suggestions if entry_behind(one) not in told)
    return replace(answer, kind="did_you_mean" if others else "none", suggestions=others)


async def _of_its_subject(turn: Turn, services: Services, question: Question) -> Answer:
    """The ladder's answer; a question that names no article is also asked of the article or place spoken of last.

    That answer is told only if it is about the same thing. What an entry says of another article is not told for
    it: "can I use vinegar" means the machine of the question before.
    """
    answer = await services.ladder.answer(question)
    if answer.kind == "generated" or len(question.text.split()) > LEANS_AT_MOST:
        return answer
    subject = await asyncio.to_thread(_left_out, turn, services, question, answer)
    if subject is None:
        return await _of_any_article(services, question, answer)
    together = await services.ladder.answer(
        replace(question, text=joined(subject.words, question.text), refers_to=None)
    )
    if together.kind in TOLD and subject.is_told_by(together) and _holds(question.text, together):
        return together
    if answer.kind not in TOLD and subject.entry_id and says_nothing_alone(question.text):
        return await services.ladder.entry(subject.entry_id) or answer
    about_it = [one for one in together.suggestions if subject.mark.casefold() in one.label.casefold()]
    others = [*answer.suggestions, *(_offered(citation) for citation in answer.citations)]
    offered = tuple(dict.fromkeys([*about_it, *others]))[:_MOST_OFFERED]
    return replace(answer, kind="did_you_mean" if offered else "none", text="", citations=(), suggestions=offered)


async def _of_any_article(services: Services, question: Question, answer: Answer) -> Answer:
    """A warranty that holds for every article is told of the one that is named: "the warranty on the Brio"."""
    if answer.kind in TOLD or question.intent != _SAME_FOR_ALL:
        return answer
    catalogue = services.backoffice.catalogue
    bare = await asyncio.to_thread(without_articles, question.text, catalogue)
    general = await services.ladder.answer(replace(question, text=bare)) if bare != question.text else answer
    titles = " ".join(citation.title for citation in general.citations)
    of_all = general.kind in TOLD and not await asyncio.to_thread(articles_in, titles, catalogue)
    return general if of_all else answer


def _holds(asked: str, answer: Answer) -> bool:
    """Whether an answer that the article's name brought up is about what was asked of it, too."""
    return speaks_of(asked, f"{answer.text} {' '.join(citation.title for citation in answer.citations)}")


def _left_out(turn: Turn, services: Services, question: Question, answer: Answer) -> Subject | None:
    """What the question is about without naming it; None where the answer stands. Reads the catalogue."""
    catalogue = services.backoffice.catalogue
    subject = subject_before(turn, catalogue)
    if subject is None or articles_in(question.text, catalogue):
        return None
    return subject if answer.kind not in TOLD or about_another(answer, subject, catalogue) else None


def _offered(citation: Citation) -> Suggestion:
    return Suggestion(citation.title, f"{ASK_ENTRY}{json.dumps({'entry_id': citation.entry_id})}")


def record_of(answer: Answer) -> dict[str, Any]:
    """What the console and the tests read beside the text: rung, relevance, sources, a model's part in it."""
    record = {
        "kind": "answer",
        "rung": answer.kind,
        "relevance": round(answer.relevance, 3),
        "citations": [
            {
                "entry_id": citation.entry_id,
                "title": citation.title,
                "path": list(citation.path),
                "url": citation.url,
            }
            for citation in answer.citations
        ],
    }
    if answer.sentence:
        record["sentence"] = True
    return record | {"generated": record_of_generated(answer.generated)} if answer.generated else record


def source_line(answer: Answer) -> str:
    """The answer's sources as the customer sees them."""
    return "; ".join(" > ".join(citation.path) or citation.title for citation in answer.citations)


def say_entry(turn: Turn, answer: Answer) -> list[EventType]:
    """Tell an entry's answer with its source; one sentence of it is told as what is nearest, with a way on."""
    ANSWERS.labels(answer.kind).inc()
    text = _YES.sub(lambda found: found[1].upper(), answer.text) if _HOW.search(turn.text) else answer.text
    response = "utter_nearest_sentence" if answer.sentence else "utter_answer"
    buttons = [NOT_THAT, PERSON_BUTTON] if answer.sentence else []
    text, source = tables_as_lists(text), source_line(answer)
    turn.say(response, answer=text, source=source, buttons=buttons, data=record_of(answer))
    return [SlotSet("fallback_count", 0.0), SlotSet("pending_offer", None)]


def say_suggestions(turn: Turn, answer: Answer) -> list[EventType]:
    """Offer the nearest entries as buttons, with two ways out."""
    ANSWERS.labels(answer.kind).inc()
    buttons = [{"title": suggestion.label, "payload": suggestion.payload} for suggestion in answer.suggestions]
    several = len(buttons) > 1
    which = "Did you mean one of these?" if several else "Is this what you mean?"
    neither = NONE_OF_THESE if several else NOT_THAT
    turn.say("utter_did_you_mean", which=which, buttons=[*buttons, neither, PERSON_BUTTON], data=record_of(answer))
    return [SlotSet("pending_offer", None)]


def say_part(turn: Turn, part: Request, answer: Answer, *, guess: bool) -> bool:
    """Answer one part of a message; true when it is answered. No part is passed over in silence.

    What was told a moment ago for another part is not told twice. ``guess`` lets near entries be offered, and
    says so where there are none.
    """
    told = told_in_this_turn(turn)
    near = {entry_behind(suggestion) for suggestion in answer.suggestions}
    offered = offered_in_this_turn(turn)
    if answer.kind in TOLD:
        if not answer.entry_ids <= told:
            say_entry(turn, answer)
        return True
    if answer.kind == "generated" and answer.citations:  # a question back would stand beside the journey's own
        say_written(turn, answer)
    elif guess and answer.kind == "did_you_mean" and not near & told and not near <= offered:
        say_suggestions(turn, answer)
    elif guess and not near & (told | offered):
        ANSWERS.labels("none").inc()
        turn.say("utter_part_not_answered", part=quoted(part.text), buttons=[PERSON_BUTTON])
    return False


def entry_behind(suggestion: Suggestion) -> str:
    """The id of the entry that a did-you-mean button leads to."""
    _, _, rest = suggestion.payload.partition("{")
    return str(json.loads("{" + rest).get("entry_id")) if rest else ""


def offered_in_this_turn(turn: Turn) -> set[str]:
    """Ids of the entries that the bot's messages since the customer's last one offer as buttons."""
    buttons = [button for message in turn.dispatcher.messages for button in message.get("buttons") or []]
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            break
        buttons += (event.get("data") or {}).get("buttons") or []
    return {entry_behind(Suggestion(str(one["title"]), str(one["payload"]))) for one in buttons}


def quoted(text: str) -> str:
    """The customer's own words as they can stand in a sentence: short, and nothing but words."""
    return textwrap.shorten(_NO_WORDS.sub(" ", _GOING_ON.sub("", text)), _LONGEST_QUOTE, placeholder=" …")


def decline_topic(turn: Turn, topic: str) -> list[EventType]:
    """No advice on what is not the shop's to advise on: one sentence, with what the bot can do."""
    _say_off_topic(turn, topic)
    offered = "person" if topic == "homework" else None  # the only one whose sentence offers a colleague
    return [SlotSet("pending_offer", offered), turn.then()]


def _say_off_topic(turn: Turn, topic: str) -> None:
    ANSWERS.labels("off_topic").inc()
    turn.say(f"utter_off_topic_{topic}")


def say_written(turn: Turn, answer: Answer) -> list[EventType]:
    """Tell what a language model wrote, with its sources and its record."""
    return say_generated(turn, answer, data=record_of(answer), source=source_line(answer))


class ActionAnswerQuestion(CalmAction):
    """Sends a question down the answer ladder."""

    def name(self) -> str:
        return "action_answer_question"

    async def perform(self, turn: Turn) -> list[EventType]:
        if await is_another_matter(turn, self.services):
            return [FollowupAction("action_fallback")]
        own, others = requests_in(turn)
        going_on = [FollowupAction("action_next_request")] if more_is_asked(turn) else turn.moving_on()
        answer = await answer_in_context(turn, self.services, own)
        if answer.kind in TOLD:
            return [*say_entry(turn, answer), *going_on]
        if own and others and any(len(part.text.split()) <= _FRAGMENT for part in (own, *others)):
            whole = await answer_in_context(turn, self.services)
            if whole.kind in TOLD:
                return [*say_entry(turn, whole), *turn.moving_on()]
        if answer.kind == "generated":
            return [*say_written(turn, answer), *going_on]
        if not (turn.active_form or others) and self._can_be_looked_up(turn):
            return [FollowupAction("action_fallback")]  # which does so
        return await self._not_told(turn, own, answer, going_on)

    def _can_be_looked_up(self, turn: Turn) -> bool:
        """Whether the words name an order or a promotion code of which the knowledge tells nothing."""
        an_order = turn.intent in _ALSO_OF_ONE_ORDER and order_numbers_in(turn.text)
        return bool(an_order) or speaks_of_a_code(turn, self.services)

    async def _not_told(
        self, turn: Turn, own: Request | None, answer: Answer, going_on: list[EventType]
    ) -> list[EventType]:
        """No entry answers outright: decline, answer the parts, offer what is near, or say that nothing is."""
        if await self._answered_one_by_one(turn, own):
            return going_on
        if topic := topic_of(turn):
            return decline_topic(turn, topic)
        if answer.kind == "did_you_mean":
            return [*say_suggestions(turn, answer), *going_on]
        return await self._nothing_found(turn, answer, going_on)

    async def _nothing_found(self, turn: Turn, answer: Answer, going_on: list[EventType]) -> list[EventType]:
        ANSWERS.labels("none").inc()
        await note_gap(self.services, turn, turn.text, "none")
        if reason := reason_after_failure(turn, relevance=answer.relevance):
            return await hand_over(self.services, turn, reason=reason)
        turn.say("utter_no_answer", buttons=[PERSON_BUTTON], data=record_of(answer))
        return [SlotSet("pending_offer", "person"), *going_on]

    async def _answered_one_by_one(self, turn: Turn, own: Request | None) -> bool:
        """Whether the message was several questions of one kind, of which at least one has its entry."""
        asked = questions_in(turn, own)
        found = [
            await self.services.ladder.answer(await question_from(turn, self.services, about_product(turn, one)))
            for one in asked
        ]
        if not any(answer.kind in TOLD for answer in found):
            return False
        for one, answer in zip(asked, found, strict=True):
            topic = words.load().off_topic(one.text) if answer.kind not in TOLD else None
            if topic:
                _say_off_topic(turn, topic)
            else:
                say_part(turn, one, answer, guess=True)
        return True


class ActionShowEntry(DeskAction):
    """Tells the entry behind a did-you-mean button."""

    def name(self) -> str:
        return "action_show_entry"

    async def perform(self, turn: Turn) -> list[EventType]:
        answer = await self.services.ladder.entry(turn.entity("entry_id") or "")
        if answer is None:
            turn.say("utter_no_answer", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person")]
        return [*say_entry(turn, answer), *turn.moving_on()]
