"""Over HTTP: asking colleagues, merging, and words that others write: suggestions and translations."""

import hmac
from dataclasses import dataclass
from typing import Annotated, Any, Self
from uuid import uuid4

from fastapi import APIRouter, Depends, Header
from pydantic import AwareDatetime, Field, model_validator

from desk.accounts.guard import Audit, Guard
from desk.accounts.model import Permission, Staff
from desk.errors import NotAllowed
from desk.gateway.schemas import Cleaned
from desk.gateway.wire import moment
from desk.inbox.assignment import Assignment
from desk.inbox.help_ports import Answering
from desk.inbox.phrases import Question
from desk.inbox.questions import Questions
from desk.inbox.schemas import AssignmentBody, Body, ClientId, Language, Words
from desk.inbox.service import InboxDesk
from desk.inbox.suggesting import Asked, Suggesting, last_asked
from desk.inbox.wire import summary_json


class AskBody(Body):
    """A question to colleagues; the same ``client_id`` again asks once."""

    conversation_id: ClientId
    question: Annotated[str, Cleaned, Field(min_length=1, max_length=2000)]
    client_id: Annotated[str, Field(min_length=1, max_length=128)] | None = None


class AnswerBody(Body):
    """What a colleague says, and whether questions like this one are to be answered so from now on."""

    text: Words
    approve: bool = False
    valid_until: AwareDatetime | None = None


class MergeBody(Body):
    """Which conversation goes on."""

    into: ClientId


class TranslateBody(Body):
    """What, and into which language: some words, or an item of the conversation."""

    text: Annotated[str, Cleaned, Field(max_length=8000)] = ""
    item_id: ClientId | None = None
    to: Language

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if (self.item_id is None) == (not self.text):
            raise ValueError("name either words or an item")
        return self


@dataclass(frozen=True)
class HelpParts:
    """What helps an agent."""

    inbox: InboxDesk
    questions: Questions
    answering: Answering
    suggesting: Suggesting
    assignment: Assignment


def build_help(guard: Guard, audit: Audit, parts: HelpParts) -> APIRouter:
    """For consoles."""
    router = APIRouter()
    _add_questions(router, guard, audit, parts.questions)
    _add_words(router, guard, parts)
    _add_assignment(router, guard, audit, parts.assignment)
    answers, inbox = Depends(guard.demand(Permission.ANSWER)), parts.inbox

    @router.post("/conversations/{conversation_id}/merge")
    async def merge(conversation_id: str, body: MergeBody, staff: Staff = answers) -> dict[str, Any]:
        """End this conversation and go on in another one of the same customer; that one is told."""
        await audit.record(staff, "conversation.merge", conversation_id, into=body.into)
        return summary_json(await inbox.merge(conversation_id, staff, body.into), inbox.now())

    return router


def _add_questions(router: APIRouter, guard: Guard, audit: Audit, questions: Questions) -> None:
    reads = Depends(guard.demand(Permission.ANSWER, Permission.KNOWLEDGE))
    answers = Depends(guard.demand(Permission.ANSWER))

    @router.get("/questions")
    async def listed(staff: Staff = reads) -> dict[str, Any]:
        """Unanswered ones first."""
        del staff
        return {"items": [question_json(one) for one in await questions.all()], "next": None}

    @router.post("/questions", status_code=201)
    async def ask(body: AskBody, staff: Staff = answers) -> dict[str, Any]:
        """Ask for a customer."""
        await audit.record(staff, "question.ask", body.conversation_id)
        asked_as = f"{staff.id}:{body.client_id or uuid4().hex}"[:128]
        return question_json(await questions.ask(body.conversation_id, body.question, asked_as))

    @router.post("/questions/{question_id}/answer")
    async def answer(question_id: str, body: AnswerBody, staff: Staff = reads) -> dict[str, Any]:
        """Answer; the bot tells it to the customer."""
        answered = await questions.answer(
            staff, question_id, body.text, approve=body.approve, valid_until=body.valid_until
        )
        await audit.record(staff, "question.answer", question_id, approved=int(body.approve))
        return question_json(answered)


def _add_words(router: APIRouter, guard: Guard, parts: HelpParts) -> None:
    answers, inbox = Depends(guard.demand(Permission.ANSWER)), parts.inbox

    @router.get("/helps")
    async def helps(staff: Staff = answers) -> dict[str, bool]:
        """Whether a language model writes and translates here."""
        del staff
        return {"language_model": await parts.answering.has_model()}

    async def asked_in(conversation_id: str) -> tuple[Asked | None, str | None]:
        opened = await inbox.open(conversation_id)
        return last_asked(opened.items), opened.summary.conversation.locale

    @router.get("/conversations/{conversation_id}/suggestions")
    async def suggestions(conversation_id: str, staff: Staff = answers) -> dict[str, Any]:
        """Entries that answer the customer's last words, as they stand."""
        del staff
        asked, locale = await asked_in(conversation_id)
        return {"suggestions": await parts.suggesting.entries(conversation_id, asked, locale) if asked else []}

    @router.post("/conversations/{conversation_id}/drafts")
    async def drafts(conversation_id: str, staff: Staff = answers) -> dict[str, Any]:
        """Approved and written answers to the customer's last words; nothing is sent."""
        del staff
        asked, locale = await asked_in(conversation_id)
        return {"suggestions": await parts.suggesting.written(conversation_id, asked, locale) if asked else []}

    @router.post("/conversations/{conversation_id}/translate")
    async def translate(conversation_id: str, body: TranslateBody, staff: Staff = answers) -> dict[str, str]:
        """The same in another language; of an item of the conversation it is kept beside it."""
        del staff
        if body.item_id is None:
            await inbox.summary(conversation_id)
            return {"text": await parts.answering.translate(conversation_id, body.text, body.to)}
        there = (await inbox.translations(conversation_id)).get(body.item_id, {})
        if body.to in there:
            return {"text": there[body.to]}
        words = await inbox.words_of(conversation_id, body.item_id)
        text = await parts.answering.translate(conversation_id, words, body.to)
        await inbox.keep_translation(conversation_id, body.item_id, body.to, text)
        return {"text": text}


def _add_assignment(router: APIRouter, guard: Guard, audit: Audit, assignment: Assignment) -> None:
    answers, admins = (Depends(guard.demand(one)) for one in (Permission.ANSWER, Permission.ADMIN))

    @router.get("/assignment")
    async def look(staff: Staff = answers) -> dict[str, bool]:
        """Whether waiting conversations are handed out."""
        del staff
        return {"on": await assignment.is_on()}

    @router.put("/assignment")
    async def switch(body: AssignmentBody, staff: Staff = admins) -> dict[str, bool]:
        """For the whole company, from now on."""
        await assignment.switch(staff, on=body.on)
        await audit.record(staff, "assignment.on" if body.on else "assignment.off")
        await assignment.run()
        return {"on": body.on}


def build_internal_questions(questions: Questions, secret: str) -> APIRouter:
    """Where an action asks, with the shared secret."""

    async def admitted(x_frontdesk_secret: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(x_frontdesk_secret.encode(), secret.encode()):
            raise NotAllowed("Send the shared secret as x-frontdesk-secret.")

    router = APIRouter(prefix="/internal", dependencies=[Depends(admitted)], include_in_schema=False)

    @router.post("/questions", status_code=201)
    async def ask(body: AskBody) -> dict[str, Any]:
        asked_as = f"bot:{body.client_id or uuid4().hex}"[:128]
        return question_json(await questions.ask(body.conversation_id, body.question, asked_as))

    return router


def question_json(question: Question) -> dict[str, Any]:
    """A question as consoles show it."""
    return {
        "id": question.id,
        "conversation_id": question.conversation_id,
        "question": question.question,
        "asked_at": moment(question.asked_at),
        "answer": question.answer,
        "answered_by": question.answered_by_name,
        "answered_at": moment(question.answered_at) if question.answered_at else None,
    }
