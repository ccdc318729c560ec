"""Publishing with a record of it, and bringing an earlier state back."""

from collections.abc import Sequence

from retrieval.content import build
from retrieval.errors import HistoryUnavailable
from retrieval.history.model import differences
from retrieval.history.store import History, Holds
from retrieval.model import CONSOLE, Entry, EntryId
from retrieval.ports import Content, Embedder, KnowledgeStore, Stored


def entries_of(stored: Stored | None) -> list[Entry]:
    """The entries of what is published."""
    return [document.entry for document in stored.content.documents] if stored else []


def publish(
    store: KnowledgeStore,
    history: History | None,
    content: Content,
    *,
    before: Sequence[Entry],
    by: str,
    note: str,
    holds: Holds,
) -> str:
    """Put ``content`` in force and on record; returns the new version's name."""
    after = [document.entry for document in content.documents]
    number = history.begin(before, after, by=by, note=note, holds=holds) if history else None
    version = store.publish(content)
    if history and number is not None:
        history.confirm(number)
    return version


class Restore:
    """Brings earlier states back, as new changes."""

    def __init__(self, store: KnowledgeStore, embedder: Embedder, history: History) -> None:
        """Publish to ``store`` what ``history`` remembers."""
        self._store = store
        self._embedder = embedder
        self._history = history

    async def run(
        self, number: int, *, entry_id: EntryId | None = None, by: str, lexical_only: bool = False
    ) -> list[EntryId]:
        """Bring all entries, or one, to the state that change ``number`` left; returns those that differ now.

        An ingest leaves a restored entry alone until its file says something new.

        Raises:
            HistoryUnavailable: there is no such change, or it knows no such entry.
            EmbedderError: vectors are needed and could not be made; nothing was changed.
            IngestBusy: an ingest is at work.
        """
        with self._store.exclusive():
            stored = self._store.read()
            before = entries_of(stored)
            self._history.reconcile(before)
            after = self._wanted(number, entry_id, {entry.entry_id: entry for entry in before})
            changed = [name for name, _, _ in differences(before, after)]
            if not changed:
                return []
            embedder = None if lexical_only else self._embedder
            built = await build(after, embedder, before=stored.content if stored else None)
            told = {entry.entry_id: entry.content_hash for entry in before}
            held = self._history.holds()
            holds = {name: held.get(name, told.get(name, "")) for name in changed}
            note = f"restored {entry_id or 'everything'} to {number}"
            publish(self._store, self._history, built.content, before=before, by=by, note=note, holds=holds)
            return changed

    def _wanted(self, number: int, entry_id: EntryId | None, now: dict[EntryId, Entry]) -> list[Entry]:
        then = self._history.state_at(number)
        if entry_id is None:
            return [then[name] for name in sorted(then)]
        if entry_id not in then and entry_id not in now and not self._history.versions(entry_id):
            raise HistoryUnavailable(f"there never was an entry {entry_id}")
        wanted = {name: entry for name, entry in now.items() if name != entry_id}
        wanted |= {entry_id: then[entry_id]} if entry_id in then else {}
        return [wanted[name] for name in sorted(wanted)]


def held_back(
    fresh: dict[EntryId, Entry], before: dict[EntryId, Entry], holds: dict[EntryId, str], *, take_files: bool = False
) -> tuple[dict[EntryId, Entry], Holds, tuple[str, ...]]:
    """What an ingest goes on with.

    Restored entries stay until their file changes, and then their hold is lifted. Entries saved in an editor stay
    whatever their file says, until it says the same or ``take_files`` lets it win.
    """
    going, notes = dict(fresh), []
    lifted: dict[EntryId, str | None] = {}
    edited = {name for name, entry in before.items() if entry.source == CONSOLE and name in fresh}
    for name in sorted(edited):
        if take_files or fresh[name].content_hash == before[name].content_hash:
            lifted |= {name: None} if name in holds else {}
            continue
        going[name] = before[name]
        told = "" if holds.get(name) == fresh[name].content_hash else ", though its file says something new"
        notes.append(f"{name} stays as it was saved in the console{told}: export it, or ingest with --take-files")
    for name, file_hash in holds.items():
        if name in edited:
            continue
        says = fresh[name].content_hash if name in fresh else ""
        if says != file_hash:
            if name in fresh:
                lifted[name] = None
            continue
        going.pop(name, None)
        if name in before:
            going[name] = before[name]
        notes.append(f"{name} stays as it was restored, until its file changes")
    return going, lifted, tuple(notes)
