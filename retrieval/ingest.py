"""Ingest: read files, compare with what is published, embed what is new, publish all at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from privacy.model import Find
from privacy.personal_data import PersonalData
from retrieval.content import Progress, build, says_the_same, silent
from retrieval.documents.files import knowledge_files, left_out
from retrieval.documents.model import Limits, Reading
from retrieval.documents.reader import Reader
from retrieval.documents.records import documents_of
from retrieval.errors import DocumentRefused
from retrieval.history.publishing import entries_of, held_back, publish
from retrieval.history.store import History, Holds
from retrieval.model import CONSOLE, Entry, EntryId
from retrieval.ports import Embedder, KnowledgeStore, Stored
from retrieval.report import IngestReport, Refusal

_FEWEST_QUESTIONS = 8
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class _Reading:
    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...]
    notes: tuple[str, ...]
    flagged: frozenset[EntryId]


@dataclass(frozen=True, slots=True)
class _Compared:
    """What an ingest comes to: the report, the whole new state, and the holds that end with it."""

    report: IngestReport
    entries: Sequence[Entry]
    lifted: Holds


class Ingest:
    """Brings an index to the state of the files under given paths.

    Entries that came from elsewhere stay. A file that is refused keeps the entries of its last good state,
    so that a typo does not take an answer away.
    """

    def __init__(
        self,
        store: KnowledgeStore,
        embedder: Embedder,
        *,
        zone: ZoneInfo,
        limits: Limits,
        screen: PersonalData | None = None,
        history: History | None = None,
    ) -> None:
        """Publish to ``store``; ``zone`` gives bare dates their day; ``screen`` keeps personal data out.

        ``history`` records who changed what.
        """
        self._history = history
        self._store = store
        self._screen = screen
        self._embedder = embedder
        self._zone = zone
        self._limits = limits

    async def run(
        self,
        roots: Sequence[Path],
        *,
        dry_run: bool = False,
        rebuild: bool = False,
        lexical_only: bool = False,
        allow_personal_data: bool = False,
        take_files: bool = False,
        by: str = "unknown",
        progress: Progress = silent,
    ) -> IngestReport:
        """Ingest ``roots``; ``rebuild`` embeds everything anew, ``lexical_only`` does without vectors.

        ``allow_personal_data`` lets in what is otherwise refused for it. ``take_files`` lets a file win over what was
        saved in the console. ``by`` goes into the history.

        Raises:
            EmbedderError: vectors are needed and could not be made; nothing was changed.
            IngestBusy: another ingest writes this index.
            DocumentRefused: a root is no file and no folder, or a folder cannot be read.
        """
        for root in roots:
            if not root.exists():
                raise DocumentRefused(f"there is no {root}")
            if not (root.is_file() or root.is_dir()):
                raise DocumentRefused(f"{root} is neither a file nor a folder")
        screen = None if allow_personal_data else self._screen
        if dry_run:
            standing = self._standing(self._store.read())
            reading = self._read(roots, standing, screen, progress)
            return self._compare(reading, standing, roots, take_files=take_files).report
        with self._store.exclusive():
            stored = self._store.read()
            standing = self._standing(stored)
            if self._history:
                self._history.reconcile(entries_of(stored))
            reading = self._read(roots, standing, screen, progress)
            compared = self._compare(reading, standing, roots, take_files=take_files)
            return await self._bring_up(
                compared, stored, rebuild=rebuild, lexical_only=lexical_only, by=by, progress=progress
            )

    async def _bring_up(
        self,
        compared: _Compared,
        stored: Stored | None,
        *,
        rebuild: bool,
        lexical_only: bool,
        by: str,
        progress: Progress,
    ) -> IngestReport:
        before = stored.content if stored and not rebuild else None
        embedder = None if lexical_only else self._embedder
        built = await build(compared.entries, embedder, before=before, progress=progress)
        dense = built.content.embedding_model is not None
        if stored and before and not compared.lifted and says_the_same(built.content, before):
            return replace(compared.report, version=stored.version, dense=dense)
        version = publish(
            self._store, self._history, built.content,
            before=entries_of(stored), by=by, note="ingest", holds=compared.lifted,
        )  # fmt: skip
        return replace(compared.report, version=version, dense=dense, embedded=built.embedded)

    def _standing(self, stored: Stored | None) -> list[Entry]:
        """What is in force. Of an index that is lost, what no file can bring back: entries saved in the console."""
        if stored is not None or self._history is None:
            return entries_of(stored)
        return [entry for entry in self._history.now() if entry.source == CONSOLE]

    def _read(
        self, roots: Sequence[Path], standing: Sequence[Entry], screen: PersonalData | None, progress: Progress
    ) -> _Reading:
        reader = Reader(zone=self._zone, limits=self._limits)
        owners = {entry.entry_id: _path(entry.source) for entry in standing if entry.source != CONSOLE}
        try:
            reading = _all_of(list(knowledge_files(roots)), reader, owners, screen, progress)
        finally:
            reader.close()
        return replace(reading, notes=(*reading.notes, *left_out(roots)))

    def _compare(
        self, reading: _Reading, standing: Sequence[Entry], roots: Sequence[Path], *, take_files: bool
    ) -> _Compared:
        before = {entry.entry_id: entry for entry in standing}
        refused_sources = {refusal.source for refusal in reading.refused}
        fresh, lifted, notes = held_back(
            {entry.entry_id: entry for entry in reading.entries},
            before,
            self._history.holds() if self._history else {},
            take_files=take_files,
        )
        kept = {
            entry_id: entry
            for entry_id, entry in before.items()
            if entry_id not in fresh
            and (entry.source in {CONSOLE, *refused_sources} or not _is_under(entry.source, roots))
            and not (entry_id in reading.flagged and self._screen and personal_in(self._screen, entry))
        }
        after = kept | fresh
        hashes = {entry.content_hash for entry in standing}
        new = [entry for entry in fresh.values() if entry.content_hash not in hashes]
        report = IngestReport(
            added=_ids(entry_id for entry_id in after if entry_id not in before),
            changed=_ids(i for i in after if i in before and after[i].content_hash != before[i].content_hash),
            unchanged=_ids(i for i in after if i in before and after[i].content_hash == before[i].content_hash),
            removed=_ids(entry_id for entry_id in before if entry_id not in after),
            refused=tuple(
                replace(item, kept=sum(entry.source == item.source for entry in kept.values()))
                for item in reading.refused
            ),
            notes=(*reading.notes, *notes, *_few_questions(new)),
        )
        return _Compared(report, [after[entry_id] for entry_id in sorted(after)], lifted)


def _all_of(
    files: Sequence[Path],
    reader: Reader,
    owners: Mapping[EntryId, Path],
    screen: PersonalData | None,
    progress: Progress,
) -> _Reading:
    documents: list[tuple[str, list[Entry]]] = []
    refused: list[Refusal] = []
    notes: list[str] = []
    flagged: set[EntryId] = set()
    for done, path in enumerate(files, start=1):
        source = _source(path)
        try:
            reading = reader.read(path, source)
        except DocumentRefused as reason:
            reading = Reading(refused=(str(reason),))
        personal = _personal(reading, screen)
        flagged |= personal.keys()
        refused += [Refusal(source, reason) for reason in (*reading.refused, *personal.values())]
        notes += reading.notes
        fit = (entry for entry in reading.entries if entry.entry_id not in personal)
        documents += [(source, made) for _, made in documents_of(fit)]
        progress("read", done, len(files))
    read = {path.resolve() for path in files} - {_path(refusal.source) for refusal in refused}
    held = {entry_id: owner for entry_id, owner in owners.items() if owner not in read and owner.exists()}
    entries, taken = _each_id_once(documents, owners, held)
    return _Reading(entries, (*refused, *taken), tuple(notes), frozenset(flagged))


def _each_id_once(
    documents: Sequence[tuple[str, list[Entry]]], owners: Mapping[EntryId, Path], held: Mapping[EntryId, Path]
) -> tuple[tuple[Entry, ...], list[Refusal]]:
    """The entries, and the documents left out because one of their ids is another file's.

    A file keeps the ids that it has in the index (``owners``), also while it is refused or not read (``held``).
    """

    def newcomer(document: tuple[str, list[Entry]]) -> bool:
        source, made = document
        return not any(owners.get(entry.entry_id) == _path(source) for entry in made)

    entries: dict[EntryId, Entry] = {}
    taken: list[Refusal] = []
    for source, made in sorted(documents, key=newcomer):
        ids = [entry.entry_id for entry in made]
        twice = next((i for i in ids if i in entries or held.get(i, _path(source)) != _path(source)), None)
        if twice is None:
            entries |= {entry.entry_id: entry for entry in made}
        else:
            owner = entries[twice].source if twice in entries else _source(held[twice])
            taken.append(Refusal(source, f"the id {twice} is already used by {owner}: give it another id"))
    return tuple(entries.values()), taken


def personal_in(screen: PersonalData, entry: Entry) -> list[Find]:
    """What an entry would tell."""
    return [find for text in (entry.title, *entry.questions, entry.answer) for find in screen.find(text)]


def _personal(reading: Reading, screen: PersonalData | None) -> dict[EntryId, str]:
    """Entries that would tell personal data which their author has not allowed, and what is said of each."""
    found: dict[EntryId, str] = {}
    for entry in reading.entries if screen else ():
        if screen and entry.document_id not in reading.personal_data_allowed and (finds := personal_in(screen, entry)):
            told = ", ".join(dict.fromkeys(f"{find.kind} {find.hint}" for find in finds))
            found[entry.entry_id] = (
                f"{entry.entry_id} holds personal data ({told}): take it out, or write personal_data: allowed"
            )
    return found


def _few_questions(entries: Sequence[Entry]) -> Iterator[str]:
    """Entries (not sections of manuals) that list too few wordings to be found by what customers type."""
    few = [entry for entry in entries if not entry.path and len(entry.questions) < _FEWEST_QUESTIONS]
    few.sort(key=lambda entry: entry.entry_id)
    if few:
        named = ", ".join(f"{entry.entry_id} ({len(entry.questions)})" for entry in few[:_MOST_NAMED])
        more = f" and {len(few) - _MOST_NAMED} more" if len(few) > _MOST_NAMED else ""
        yield (
            f"Fewer than {_FEWEST_QUESTIONS} questions listed: {named}{more}. Customers' own wordings help most "
            f"to find an entry; list {_FEWEST_QUESTIONS} to 40"
        )


def _ids(ids: Iterable[EntryId]) -> tuple[EntryId, ...]:
    return tuple(sorted(ids))


def _source(path: Path) -> str:
    resolved, here = path.resolve(), Path.cwd()
    return (resolved.relative_to(here) if resolved.is_relative_to(here) else resolved).as_posix()


def _path(source: str) -> Path:
    return (Path.cwd() / source).resolve()


def _is_under(source: str, roots: Sequence[Path]) -> bool:
    path = _path(source)
    return any(path == root.resolve() or path.is_relative_to(root.resolve()) for root in roots)
