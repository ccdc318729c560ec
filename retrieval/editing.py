"""One entry written by a person in an editor: checked as a file would be, put in force at once, on record."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from privacy.personal_data import PersonalData
from retrieval.content import build
from retrieval.documents.entries import content_hash, made_from
from retrieval.documents.front_matter import checked
from retrieval.errors import DocumentRefused, EntryChanged, EntryUnknown, IngestBusy
from retrieval.history.publishing import entries_of, publish
from retrieval.history.store import History, Holds
from retrieval.ingest import personal_in
from retrieval.model import CONSOLE, Entry, EntryId
from retrieval.ports import Embedder, KnowledgeStore

_LONGEST_ANSWER = 20_000
_ATTEMPTS, _PAUSE_SECONDS = 20, 0.25


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote into an editor. A bare date is a whole day of the company's, the last one included."""

    title: str
    answer: str
    questions: tuple[str, ...] = ()
    category: str = "general"
    products: tuple[str, ...] = ()
    audience: str = "public"
    locale: str = "en"
    valid_from: datetime | date | None = None
    valid_until: datetime | date | None = None
    url: str | None = None


class Editor:
    """Saves and ends single entries. Each is a change of the history, and the index is switched once."""

    def __init__(
        self,
        store: KnowledgeStore,
        embedder: Embedder,
        history: History,
        *,
        zone: ZoneInfo,
        screen: PersonalData | None,
        now: Callable[[], datetime],
    ) -> None:
        """Publish to ``store``; ``screen`` keeps personal data out unless a call allows it."""
        self._store = store
        self._embedder = embedder
        self._history = history
        self._zone = zone
        self._screen = screen
        self._now = now

    async def save(
        self,
        entry_id: EntryId,
        written: Written,
        *,
        expected: int | None,
        by: str,
        why: str = "",
        allow_personal_data: bool = False,
    ) -> Entry:
        """Put the entry in force; ``expected`` is the change it was read at, None for one that shall be new.

        Raises:
            DocumentRefused: something is missing, too long or not allowed; the message says what.
            EntryChanged: somebody saved it meanwhile.
            EntryUnknown: it is gone.
            EmbedderError: it could not be made findable; nothing was changed.
            IngestBusy: an ingest is at work and does not end.
        """

        def change(before: Entry | None) -> Entry:
            if expected is None and before is not None:
                raise DocumentRefused(f"there is already an entry {entry_id}")
            made = self._made(entry_id, written, before)
            if self._screen and not allow_personal_data and (finds := personal_in(self._screen, made)):
                told = ", ".join(dict.fromkeys(f"{find.kind} {find.hint}" for find in finds))
                raise DocumentRefused(f"it holds personal data ({told}): take it out, or allow it for this entry")
            return made

        return await self._publish(entry_id, change, expected=expected, by=by, note=why or "saved in the console")

    async def retire(self, entry_id: EntryId, *, expected: int | None, by: str, why: str = "") -> Entry:
        """End the entry's validity now; it stays on record and can be restored. Errors as for ``save``."""
        now = self._now()

        def change(before: Entry | None) -> Entry:
            if before is None:
                raise EntryUnknown(f"there is no entry {entry_id}")
            begins = before.valid_from if before.valid_from and before.valid_from < now else None
            ended = replace(before, valid_from=begins, valid_until=now, source=CONSOLE)
            return replace(ended, content_hash=content_hash(ended))

        return await self._publish(entry_id, change, expected=expected, by=by, note=why or "retired in the console")

    async def _publish(
        self, entry_id: EntryId, change: Callable[[Entry | None], Entry], *, expected: int | None, by: str, note: str
    ) -> Entry:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._publish_once(entry_id, change, expected=expected, by=by, note=note)
            except IngestBusy:
                if attempt == _ATTEMPTS:
                    raise
                await asyncio.sleep(_PAUSE_SECONDS)
        raise IngestBusy("another ingest is writing this index")

    async def _publish_once(
        self, entry_id: EntryId, change: Callable[[Entry | None], Entry], *, expected: int | None, by: str, note: str
    ) -> Entry:
        with self._store.exclusive():
            stored = self._store.read()
            before = {entry.entry_id: entry for entry in entries_of(stored)}
            self._history.reconcile(list(before.values()))
            old = before.get(entry_id)
            self._expect(entry_id, old, expected)
            new = change(old)
            if old is not None and old.content_hash == new.content_hash:
                return old
            after = before | {entry_id: new}
            built = await build(
                [after[name] for name in sorted(after)], self._embedder, before=stored.content if stored else None
            )
            publish(
                self._store, self._history, built.content,
                before=list(before.values()), by=by, note=note, holds=self._holds(entry_id, old),
            )  # fmt: skip
            return new

    def _holds(self, entry_id: EntryId, old: Entry | None) -> Holds:
        """What its file said when it was first edited; nothing for an entry that never had a file."""
        if old is None or old.source == CONSOLE:
            return {}
        return {entry_id: self._history.holds().get(entry_id, old.content_hash)}

    def _expect(self, entry_id: EntryId, old: Entry | None, expected: int | None) -> None:
        if expected is None:
            return
        if old is None:
            raise EntryUnknown(f"there is no entry {entry_id}")
        last = self._history.latest().get(entry_id)
        if last is not None and last.number != expected:
            raise EntryChanged(entry_id, last.by)

    def _made(self, entry_id: EntryId, written: Written, before: Entry | None) -> Entry:
        """The entry, with the same checks that a file goes through; a section keeps its place in its manual."""
        if not written.answer.strip():
            raise DocumentRefused("the answer is empty")
        if len(written.answer) > _LONGEST_ANSWER:
            raise DocumentRefused(f"the answer is longer than {_LONGEST_ANSWER} characters")
        if "\0" in written.answer:
            raise DocumentRefused("the answer holds binary data")
        document_id = before.document_id if before else entry_id
        given = {
            "id": document_id, "title": written.title, "category": written.category, "product": written.products,
            "audience": written.audience, "locale": written.locale, "valid_from": written.valid_from,
            "valid_until": written.valid_until, "questions": written.questions, "url": written.url,
        }  # fmt: skip
        head = checked(given, where="the entry")
        text = "\n".join(line.rstrip() for line in written.answer.replace("\r\n", "\n").split("\n"))
        (made,) = made_from(head, text, source=CONSOLE, zone=self._zone)
        placed = replace(
            made,
            entry_id=entry_id,
            path=before.path if before else (),
            version=before.version if before else None,
            updated=self._now().astimezone(self._zone).date().isoformat(),
        )
        return replace(placed, content_hash=content_hash(placed))
