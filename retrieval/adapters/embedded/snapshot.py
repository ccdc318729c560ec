"""One generation of the index in memory: entries, vectors and words, never changed after loading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from retrieval.adapters.embedded.lexical import Lexical, build
from retrieval.errors import IndexCorrupt
from retrieval.model import Entry, EntryId, Passage
from retrieval.ports import Document, Stored, Vectors

FORMAT = 1
"""Raised whenever what a generation holds changes; an older one is rebuilt by the next ingest."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything needed to answer searches from one generation.

    ``passage_owner[i]`` is the ordinal of the entry that passage ``i`` (and row ``i`` of ``vectors``) belongs to.
    """

    version: str
    entries: tuple[Entry, ...]
    passages: tuple[Passage, ...]
    passage_owner: NDArray[np.int64]
    vectors: Vectors | None
    embedding_model: str | None
    lexical: Lexical


def write(folder: Path, documents: Sequence[Document], *, embedding_model: str | None) -> None:
    """Write one generation's files into an empty folder."""
    vectors = [document.vectors for document in documents if document.vectors is not None]
    manifest = {
        "format": FORMAT,
        "entries": len(documents),
        "passages": sum(len(document.passages) for document in documents),
        "embedding_model": embedding_model,
    }
    if embedding_model is not None and vectors:
        np.save(folder / "vectors.npy", np.concatenate(vectors).astype(np.float32))
    with (folder / "documents.jsonl").open("wb") as file:
        for document in documents:
            passages = [{"kind": passage.kind, "text": passage.text} for passage in document.passages]
            file.write(orjson.dumps({"entry": document.entry, "passages": passages}) + b"\n")
    texts = [
        {
            kind: " ".join(passage.text for passage in document.passages if passage.kind == kind)
            for kind in ("question", "title", "answer")
        }
        for document in documents
    ]
    build(folder / "lexical", [document.entry for document in documents], texts)
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))


def load(folder: Path) -> Snapshot:
    """Read a generation.

    Raises:
        FileNotFoundError: the folder has gone, a newer generation is in force.
        IndexCorrupt: the folder is incomplete or of another format.
    """
    manifest = _manifest(folder)
    try:
        entries, passages, owners = _documents(folder)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise IndexCorrupt(f"the entries of generation {folder.name} cannot be read") from error
    vectors: Vectors | None = None
    if manifest["embedding_model"] is not None and passages:
        vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
    if len(entries) != manifest["entries"] or (vectors is not None and len(vectors) != len(passages)):
        raise IndexCorrupt(f"generation {folder.name} is incomplete: ingest with --rebuild")
    try:
        lexical = Lexical(folder / "lexical")
    except ValueError as error:
        raise IndexCorrupt(f"the words of generation {folder.name} cannot be opened") from error
    return Snapshot(
        version=folder.name, entries=tuple(entries), passages=tuple(passages),
        passage_owner=np.asarray(owners, dtype=np.int64), vectors=vectors,
        embedding_model=manifest["embedding_model"], lexical=lexical,
    )  # fmt: skip


def stored(snapshot: Snapshot) -> Stored:
    """The generation as ingest wants it: documents with their vectors."""
    bounds = np.searchsorted(snapshot.passage_owner, np.arange(len(snapshot.entries) + 1))
    documents = tuple(
        Document(
            entry,
            snapshot.passages[first:last],
            None if snapshot.vectors is None else np.array(snapshot.vectors[first:last]),
        )
        for entry, first, last in zip(snapshot.entries, bounds[:-1], bounds[1:], strict=True)
    )
    return Stored(documents, snapshot.embedding_model, snapshot.version)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = orjson.loads((folder / "manifest.json").read_bytes())
    except orjson.JSONDecodeError as error:
        raise IndexCorrupt(f"generation {folder.name} has no readable manifest") from error
    if manifest.get("format") != FORMAT:
        raise IndexCorrupt(f"generation {folder.name} has another format: ingest with --rebuild")
    return manifest


def _documents(folder: Path) -> tuple[list[Entry], list[Passage], list[int]]:
    entries: list[Entry] = []
    passages: list[Passage] = []
    owners: list[int] = []
    with (folder / "documents.jsonl").open("rb") as file:
        for line in file:
            record = orjson.loads(line)
            entry = _entry(record["entry"])
            owners += [len(entries)] * len(record["passages"])
            entries.append(entry)
            passages += [Passage(entry.entry_id, made["kind"], made["text"]) for made in record["passages"]]
    return entries, passages, owners


def _entry(record: dict[str, Any]) -> Entry:
    times = {
        name: datetime.fromisoformat(record[name]) if record[name] else None for name in ("valid_from", "valid_until")
    }
    lists = {name: tuple(record[name]) for name in ("questions", "path", "products")}
    return Entry(**{**record, **times, **lists, "entry_id": EntryId(record["entry_id"])})
