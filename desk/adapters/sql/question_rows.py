"""Questions to colleagues: kept, answered once, and the answer brought to the customer in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from desk.adapters.sql import timeline, work
from desk.adapters.sql.phrase_tables import questions
from desk.errors import NotFound, StaleVersion, UnknownConversation
from desk.gateway.model import Draft, Item, Speaker, State
from desk.inbox.phrases import Question
from desk.sentences import Sentences

_MOST = 200


def ask(connection: Connection, conversation_id: str, question: str, asked_as: str, now: datetime) -> Question:
    """Keep a question, once a caller's id.

    Raises:
        UnknownConversation: there is no such conversation.
    """
    if timeline.row_of(connection, conversation_id, lock=True) is None:
        raise UnknownConversation
    mine = questions.c.conversation_id == conversation_id
    known = connection.execute(select(questions).where(mine, questions.c.asked_as == asked_as)).first()
    if known is not None:
        return _question(known)
    made = Question(timeline.new_id("q"), conversation_id, question, now)
    connection.execute(
        questions.insert().values(
            id=made.id, conversation_id=conversation_id, asked_as=asked_as, question=question, asked_at=now
        )
    )
    return made


def listed(connection: Connection) -> Sequence[Question]:
    """Unanswered ones first, oldest first; then the newest answered ones."""
    table = questions.c
    unanswered = select(questions).where(table.answer.is_(None)).order_by(table.asked_at).limit(_MOST)
    answered = select(questions).where(table.answer.is_not(None)).order_by(table.answered_at.desc()).limit(_MOST)
    return [_question(row) for query in (unanswered, answered) for row in connection.execute(query)]


def find(connection: Connection, question_id: str) -> Question:
    """One of them.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(select(questions).where(questions.c.id == question_id)).first()
    if row is None:
        raise NotFound
    return _question(row)


def answer(
    connection: Connection, question_id: str, staff: tuple[str, str], text: str, now: datetime, *, sentences: Sentences
) -> tuple[Question, list[Item], State]:
    """Keep the answer and let the bot tell it, if the bot may speak; whose the conversation is.

    With a person the bot is silent, so there nothing is told, nor where the conversation has ended.

    Raises:
        NotFound: there is no such question.
        StaleVersion: a colleague has answered it otherwise.
    """
    asked = find(connection, question_id)
    row = timeline.row_of(connection, asked.conversation_id, lock=True)
    if row is None:
        raise NotFound
    asked = find(connection, question_id)  # as it is under the lock
    if asked.answer is not None:
        if (asked.answered_by, asked.answer) == (staff[0], text):
            return asked, [], State(row.state)
        raise StaleVersion(asked.answered_by_name)
    values = {"answer": text, "answered_by": staff[0], "answered_by_name": staff[1], "answered_at": now}
    connection.execute(update(questions).where(questions.c.id == question_id).values(**values))
    told = []
    if row.state in (State.BOT, State.QUEUED):
        told = _tell(connection, asked.conversation_id, sentences.say("colleague_says", name=staff[1], text=text), now)
    return find(connection, question_id), told, State(row.state)


def _tell(connection: Connection, conversation_id: str, words: str, now: datetime) -> list[Item]:
    """The bot says it, and remembers that it did."""
    told = timeline.append(connection, conversation_id, [Draft(Speaker.BOT, text=words)], now)
    said: list[dict[str, Any]] = [{"speaker": "answer", "text": words, "name": None, "message_id": told[0].id}]
    work.put_into_outbox(connection, conversation_id, "human_part", {"said": said}, now)
    work.refresh_due(connection, conversation_id)
    return told


def _question(row: Row[Any]) -> Question:
    return Question(
        id=row.id,
        conversation_id=row.conversation_id,
        question=row.question,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_by=row.answered_by,
        answered_by_name=row.answered_by_name,
        answered_at=row.answered_at,
    )
