"""One-time codes in the data base."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.adapters.sql import audit
from backoffice.adapters.sql.command_tables import CodeRow
from backoffice.adapters.sql.commands import once
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.gates import locked_gates, write_gate
from backoffice.adapters.sql.proofs import confirm
from backoffice.model.act import Act, Refusal
from backoffice.model.code import Code, CodeAnswer, CodeGates, CodeOutcome, CodeRequest, Purpose
from backoffice.model.ids import ConversationId, CustomerId

CONVERSATION = "code-conversation"
ADDRESS = "code-address"


class SqlCodeLedger:
    """``CodeLedger`` by rows that are locked before they are read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self,
        request: CodeRequest,
        rule: Callable[[CodeGates, Code | None], tuple[CodeAnswer | None, CodeGates]],
        at: datetime,
    ) -> tuple[CodeAnswer, bool]:
        sent = False

        def work(session: Session, act: Act) -> CodeAnswer:
            nonlocal sent
            wanted = [(CONVERSATION, act.conversation_id), (ADDRESS, request.address)]
            conversation, address = locked_gates(session, wanted)
            row = session.get(CodeRow, (act.conversation_id, request.purpose))
            refused, gates = rule(CodeGates(conversation, address), _code(row) if row else None)
            write_gate(session, wanted[0], gates.conversation)
            write_gate(session, wanted[1], gates.address)
            code = request.code
            if refused is None:
                session.merge(_row(act.conversation_id, request.purpose, code))
                sent = True
            outcome = "sent" if refused is None else "held_back"
            audit.note(session, act, f"code.{outcome}", ("conversation", act.conversation_id), at=at)
            return refused or CodeAnswer(CodeOutcome.SENT, until=code.expires_at, tries_left=code.tries_left)

        act = Act(request.conversation_id, request.message_id, request.message_id)
        answer = once(self._database, act, f"code.ask.{request.purpose}", CodeAnswer, work, at)
        return _answer(answer), sent

    def check(
        self,
        act: Act,
        purpose: Purpose,
        same: Callable[[str], bool],
        rule: Callable[[Code | None, bool], tuple[CodeAnswer, Code | None]],
        at: datetime,
    ) -> CodeAnswer:
        def work(session: Session, stored: Act) -> CodeAnswer:
            row = session.get(CodeRow, (stored.conversation_id, purpose), with_for_update=True)
            before = _code(row) if row else None
            answer, after = rule(before, same(before.digest if before else ""))
            customer_id = before.customer_id if before and answer.outcome is CodeOutcome.CONFIRMED else None
            if row is not None and after is not None:
                row.tries_left = after.tries_left
                row.proved_until = answer.until if customer_id else None
            if customer_id and purpose is Purpose.CONFIRM and answer.until:
                confirm(session, stored.conversation_id, customer_id, at, answer.until)
            subject = ("conversation", stored.conversation_id)
            audit.note(session, stored, f"code.{answer.outcome}", subject, at=at, customer_id=customer_id)
            return answer

        return _answer(once(self._database, act, f"code.check.{purpose}", CodeAnswer, work, at))

    def proved_email(self, conversation_id: ConversationId, at: datetime) -> tuple[CustomerId, str] | None:
        with self._database.reading() as session:
            row = session.get(CodeRow, (conversation_id, Purpose.NEW_EMAIL))
            if row is None or row.proved_until is None or row.proved_until <= at:
                return None
            return (CustomerId(row.customer_id), row.target) if row.customer_id and row.target else None


def _answer(answer: CodeAnswer | Refusal) -> CodeAnswer:
    assert isinstance(answer, CodeAnswer)  # noqa: S101 - the work above refuses nothing
    return answer


def _code(row: CodeRow) -> Code:
    customer_id = CustomerId(row.customer_id) if row.customer_id else None
    return Code(row.digest, row.sent_at, row.expires_at, row.tries_left, customer_id, row.target)


def _row(conversation_id: str, purpose: Purpose, code: Code) -> CodeRow:
    return CodeRow(
        conversation_id=conversation_id,
        purpose=purpose,
        digest=code.digest,
        customer_id=code.customer_id,
        target=code.target,
        sent_at=code.sent_at,
        expires_at=code.expires_at,
        tries_left=code.tries_left,
        proved_until=None,  # said outright, or the row would keep what the code before it has proved
    )
