"""Changes that happen once, completely or not at all."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import update
from sqlalchemy.orm import Session

from backoffice.adapters.sql.command_tables import CommandRow
from backoffice.adapters.sql.database import Database, insert_if_new
from backoffice.model.act import Act, Refusal, adapter_of
from backoffice.service.text import stored_id

T = TypeVar("T")


class _Refused(Exception):
    """Carries a refusal out of the transaction, which is then undone."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


def once(  # noqa: PLR0917 - the same six in the same order everywhere
    database: Database, act: Act, kind: str, result: type[T], work: Callable[[Session, Act], T | Refusal], at: datetime
) -> T | Refusal:
    """What ``work`` made of the change, or made of it the first time.

    ``work`` gets a writing session and the act with ids that can be stored; what it writes, the audit entry and
    the remembered result are one transaction. Two calls with one key at once: the second waits for the first.
    A refusal undoes everything and is not remembered.

    Raises:
        BackofficeUnavailable: Nothing was changed; the same key may try again.
    """
    stored = Act(stored_id(act.conversation_id), stored_id(act.message_id), stored_id(act.key))
    name = {"conversation_id": stored.conversation_id, "kind": kind, "key": stored.key}
    told = adapter_of(cast("Any", result))
    try:
        with database.writing() as session:
            values = {**name, "message_id": stored.message_id, "at": at, "result": {}}
            if not insert_if_new(session, CommandRow, values):
                row = session.get_one(CommandRow, tuple(name.values()))
                earlier: T = told.validate_python(row.result)
                return earlier
            outcome = work(session, stored)
            if isinstance(outcome, Refusal):
                raise _Refused(outcome)  # noqa: TRY301 - undoes the transaction
            dumped = told.dump_python(outcome, mode="json")
            session.execute(update(CommandRow).filter_by(**name).values(result=dumped))
            return outcome
    except _Refused as refused:
        return refused.refusal
