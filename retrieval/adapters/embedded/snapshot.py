"""One generation of the index in memory: entries, vectors and words, never changed after loading."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from retrieval.adapters.embedded.lexical import Lexical, build
from retrieval.adapters.records import entry_of, searched_texts
from retrieval.errors import IndexCorrupt
from retrieval.model import Entry, Passage
from retrieval.ports import Content, Document, Stored, Vectors

FORMAT = 2
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
    words: tuple[str, ...]
    word_vectors: Vectors | None
    embedding_model: str | None
    lexical: Lexical


def write(folder: Path, content: Content) -> None:
    """Write one generation's files into an empty folder."""
    documents = content.documents
    manifest = {
        "format": FORMAT,
        "entries": len(documents),
        "passages": sum(len(document.passages) for document in documents),
        "embedding_model": content.embedding_model,
    }
    vectors = [document.vectors for document in documents if document.vectors is not None]
    if content.embedding_model is not None and vectors and content.word_vectors is not None:
        np.save(folder / "vectors.npy", np.concatenate(vectors).astype(np.float32))
        np.save(folder / "word_vectors.npy", content.word_vectors.astype(np.float32))
    (folder / "words.json").write_bytes(orjson.dumps(content.words))
    with (folder / "documents.jsonl").open("wb") as file:
        for document in documents:
            passages = [{"kind": passage.kind, "text": passage.text} for passage in document.passages]
            file.write(orjson.dumps({"entry": document.entry, "passages": passages}) + b"\n")
    build(folder / "lexical", [document.entry for document in documents], [searched_texts(d) for d in documents])
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
        words = orjson.loads((folder / "words.json").read_bytes())
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise IndexCorrupt(f"the entries of generation {folder.name} cannot be read") from error
    vectors = word_vectors = None
    if manifest["embedding_model"] is not None and passages:
        vectors = _matrix(folder / "vectors.npy", len(passages))
        word_vectors = _matrix(folder / "word_vectors.npy", len(words))
    if len(entries) != manifest["entries"]:
        raise IndexCorrupt(f"generation {folder.name} is incomplete: ingest with --rebuild")
    try:
        lexical = Lexical(folder / "lexical")
    except ValueError as error:
        raise IndexCorrupt(f"the words of generation {folder.name} cannot be opened") from error
    return Snapshot(
        version=folder.name, entries=tuple(entries), passages=tuple(passages),
        passage_owner=np.asarray(owners, dtype=np.int64), vectors=vectors, words=tuple(words),
        word_vectors=word_vectors, embedding_model=manifest["embedding_model"], lexical=lexical,
    )  # fmt: skip


def _matrix(path: Path, rows: int) -> Vectors:
    try:
        matrix: Vectors = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        raise IndexCorrupt(f"{path.name} of generation {path.parent.name} cannot be read") from error
    if len(matrix) != rows:
        raise IndexCorrupt(f"generation {path.parent.name} is incomplete: ingest with --rebuild")
    return matrix


def stored(snapshot: Snapshot) -> Stored:
    """The generation as ingest wants it: documents with their vectors."""
    bounds = np.searchsorted(snapshot.passage_owner, np.arange(len(snapshot.entries) + 1))
    documents = tuple(
        Document(
            entry,
            snapshot.passages[first:last],
            None if snapshot.vectors is None else np.array(snapshot.vectors[first:last]),
        )
        for entry, (first, last) in zip(snapshot.entries, pairwise(bounds), strict=True)
    )
    word_vectors = None if snapshot.word_vectors is None else np.array(snapshot.word_vectors)
    content = Content(documents, snapshot.words, word_vectors, snapshot.embedding_model)
    return Stored(content, snapshot.version)


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
            entry = entry_of(record["entry"])
            owners += [len(entries)] * len(record["passages"])
            entries.append(entry)
            passages += [Passage(entry.entry_id, made["kind"], made["text"]) for made in record["passages"]]
    return entries, passages, owners
