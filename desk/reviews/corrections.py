"""Corrections on their way into the training data: checked, shown, written, remembered as exported."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from desk.adapters.sql import judgements
from desk.adapters.sql.database import Database
from desk.errors import NotPossible
from desk.reviews.examples import Correction, Example, Refused, examples_from
from desk.reviews.ports import Heard, ServedModel, Understander
from desk.reviews.training_files import Intent, TrainingFiles
from privacy.personal_data import PersonalData


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of the corrections.

    Attributes:
        path: the file that was written; None where none was (nothing to add, a dry run, a read-only place).
        yaml: the file's content with the examples in it.
    """

    path: str | None
    added: Sequence[Example]
    refused: Sequence[Refused]
    yaml: str


@dataclass(frozen=True, slots=True)
class Learning:
    """How far corrections have come on their way to the customers.

    Attributes:
        waiting: corrections that are not in the training data yet.
        exported: those that are.
        model: the model that customers meet now; None when the intent service does not answer.
        learnt: whether that model was trained on the training data as it is here; None when one of them is unknown.
    """

    waiting: int
    exported: int
    model: ServedModel | None
    learnt: bool | None


@dataclass(frozen=True)
class Corrections:
    """Exports to ``files``."""

    database: Database
    files: TrainingFiles
    personal_data: PersonalData
    understander: Understander
    now: Callable[[], datetime]

    async def export(self, *, dry_run: bool = False) -> Exported:
        """Bring everything that was corrected and not exported into the training data.

        What is refused stays for the next time, except what is an example already.

        Raises:
            NotPossible: the training data cannot be read or written on this machine.
        """
        rows = await self.database.read(judgements.corrections, exported=False)
        given = [correction_of(row) for row in rows]
        done = await asyncio.to_thread(self._export, given, dry_run=dry_run)
        if done.path is not None or (not dry_run and not done.added):
            finished = [one.correction for one in done.added]
            finished += [one.correction for one in done.refused if one.known]
            places = [(one.number, one.position, one.at) for one in finished]
            await self.database.write(judgements.exported, places, self.now())
        return done

    async def learning(self) -> Learning:
        """Whether the model in use knows what was exported."""
        waiting, exported = await self.database.read(judgements.how_many)
        try:
            model = await self.understander.served()
        except NotPossible:
            return Learning(waiting, exported, None, None)
        try:
            here = await asyncio.to_thread(self.files.fingerprint)
        except NotPossible:  # the gateway stands where no training data is
            return Learning(waiting, exported, model, None)
        return Learning(waiting, exported, model, model.fingerprint == here)

    async def heard(self, texts: Sequence[str]) -> list[Heard]:
        """What the model in use makes of these sentences.

        Raises:
            NotPossible: the intent service does not answer.
        """
        return await self.understander.hear(texts)

    async def intents(self) -> list[Intent]:
        """What may be chosen.

        Raises:
            NotPossible: the training data cannot be read on this machine.
        """
        return await asyncio.to_thread(self.files.intents)

    async def entities(self) -> list[str]:
        """What may be annotated.

        Raises:
            NotPossible: as for ``intents``.
        """
        return await asyncio.to_thread(self.files.entities)

    def _export(self, given: Sequence[Correction], *, dry_run: bool) -> Exported:
        examples, refused = examples_from(given, self.files.read(), self.personal_data)
        text = self.files.rendered(examples)
        path = None
        if examples and not dry_run and self.files.writable:
            path = self.files.write(examples).as_posix()
        return Exported(path, examples, refused, text)


def correction_of(row: Row[Any]) -> Correction:
    """The value of a row."""
    return Correction(
        number=row.number,
        position=row.position,
        conversation_id=row.conversation_id,
        text=row.text,
        said=row.said,
        intent=row.intent,
        entities=row.entities,
        by=row.corrected_by_name or "",
        at=row.corrected_at,
    )
